import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Readonly<Counts>} */
export const ONE_PASSED = { passed: 1, failed: 0, skipped: 0 }
/** @type {Readonly<Counts>} */
export const ONE_FAILED = { passed: 0, failed: 1, skipped: 0 }

/**
 * Counts of a run of vitest from its JSON report. A file that could not be loaded ran no test and counts as one failed.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[] }} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * Counts of a run of Playwright from its JSON report. A flaky test failed once, which is once too often.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} report
 * @returns {Counts}
 */
export function playwrightCounts({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

/**
 * Returns the counts of a stage. One that ended badly without a failed test, or ran none, has failed once.
 *
 * @param {number} exitCode
 * @param {Counts | undefined} counts undefined: no report was written
 * @returns {Counts}
 */
export function stageCounts(exitCode, counts) {
  if (!counts) return ONE_FAILED
  const silent = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)
  return silent ? { ...counts, failed: 1 } : counts
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function totalOf(all) {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

/** @param {Counts} counts */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * Runs a tool of node_modules, its output on ours.
 *
 * @param {string} name
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} exit code; 1 where it was ended by a signal or could not be started
 */
export function runTool(name, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules', '.bin', name), args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs a tool that writes a JSON report and counts what it says.
 *
 * @template Report
 * @param {(reportPath: string) => Promise<number>} run gives the exit code
 * @param {(report: Report) => Counts} count
 * @returns {Promise<Counts>}
 */
export async function runReported(run, count) {
  const folder = mkdtempSync(join(tmpdir(), 'ripplescope-test-'))
  const reportPath = join(folder, 'report.json')
  try {
    const exitCode = await run(reportPath)
    let counts
    try {
      counts = count(JSON.parse(readFileSync(reportPath, 'utf8')))
    } catch (error) {
      console.error(`no report: ${error instanceof Error ? error.message : error}`)
    }
    return stageCounts(exitCode, counts)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

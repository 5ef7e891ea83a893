/**
 * node scripts/test.mjs [stage...] [-- arguments for the stage's tool]
 *
 * Runs types, lint, unit, build and e2e, or the stages named, and goes on after a failure where that makes sense. The last
 * line says how much passed over everything. Two stages are parts of others: `units` the unit tests without those that take as
 * long as all others together, `journeys` six end-to-end tests in one font set.
 */

import { findBrowser } from './browser.mjs'
import { buildIfStale } from './build.mjs'
import {
  countsLine,
  ONE_FAILED,
  ONE_PASSED,
  playwrightCounts,
  runReported,
  runTool,
  totalOf,
  vitestCounts,
} from './stages.mjs'
import { testEnvironment } from './testMachine.mjs'

const separator = process.argv.indexOf('--')
const named = process.argv.slice(2, separator < 0 ? undefined : separator)
const toolArguments = separator < 0 ? [] : process.argv.slice(separator + 1)

/**
 * Runs a tool that is one check as a whole.
 *
 * @param {string} tool
 * @param {string[]} args
 */
const check = async (tool, args) => ((await runTool(tool, args)) === 0 ? ONE_PASSED : ONE_FAILED)

async function build() {
  try {
    await buildIfStale()
    return ONE_PASSED
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return ONE_FAILED
  }
}

/**
 * Runs unit tests.
 *
 * @param {string[]} args
 */
const unit = (...args) =>
  runReported(
    (report) =>
      runTool(
        'vitest',
        [
          'run',
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
          ...args,
          ...toolArguments,
        ],
        testEnvironment(),
      ),
    vitestCounts,
  )

/** @param {string[]} args */
async function endToEnd(...args) {
  let browser
  try {
    await buildIfStale()
    browser = await findBrowser()
  } catch (error) {
    console.error(`The end-to-end tests did not run. ${error instanceof Error ? error.message : error}`)
    return ONE_FAILED
  }
  return runReported(
    (report) =>
      runTool('playwright', ['test', '--reporter=list,json', ...args, ...toolArguments], {
        ...testEnvironment(),
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        CHROME_PATH: browser,
      }),
    playwrightCounts,
  )
}

/** @type {Record<string, () => Promise<import('./stages.mjs').Counts>>} */
const STAGES = {
  types: () => check('tsc', ['--noEmit', ...toolArguments]),
  lint: () => check('biome', ['ci', '--error-on-warnings', '.', ...toolArguments]),
  unit: () => unit(),
  build,
  e2e: () => endToEnd(),
}

/** Unit tests that try hundreds of files, kill processes, or hold every family against transformers. */
const LONG = [
  'src/cli/process.test.ts',
  'src/cli/run.test.ts',
  'src/corpus/reference.test.ts',
  'src/engine/families.test.ts',
  'src/engine/foreign/foreignMutations.test.ts',
  'src/engine/hostile.test.ts',
  'src/engine/patching.test.ts',
  'src/engine/reference.test.ts',
  'src/engine/sources/hub/hubFolder.test.ts',
  'src/onnx/hostileConfig.test.ts',
]

/** @type {Record<string, () => Promise<import('./stages.mjs').Counts>>} */
const PARTS = {
  units: () => unit(...LONG.map((file) => `--exclude=${file}`)),
  journeys: () => endToEnd('--project=chromium', '--grep=@quick'),
}

const runnable = { ...STAGES, ...PARTS }
const unknown = named.filter((name) => !(name in runnable))
if (unknown.length > 0) {
  console.error(`unknown stage: ${unknown.join(', ')}; there are ${Object.keys(runnable).join(', ')}`)
  process.exit(2)
}

const results = []
for (const name of named.length > 0 ? named : Object.keys(STAGES)) {
  console.log(`\n== ${name}`)
  const started = performance.now()
  const counts = await runnable[name]()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`== ${name}: ${countsLine(counts)} (${seconds} s)`)
  results.push(counts)
}
const total = totalOf(results)
console.log(`\n${countsLine(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0

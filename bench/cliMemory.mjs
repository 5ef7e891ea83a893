import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../scripts/build.mjs'
import { buildCliIfStale } from '../scripts/buildCli.mjs'
import { spreadOf } from './statistics.mjs'
import { shortReviews } from './texts.mjs'

const FEW = 500
const MANY = 25_000
/** Time between two looks at the process, ms; its peak is the system's own, so none is missed. */
const INTERVAL = 200
const MB = 1e6
/** Settings for one forward and one substitution a review: everything else that grows would grow with it. */
const SETTINGS = ['--least-impactful=1', '--random-positions=0', '--perturbations=none', '--readings=0']

/**
 * Measures the largest resident size of `ripplescope run` over few and over fifty times as many short reviews. The
 * model is the tiny one of the fixtures, so that no weights hide what grows.
 *
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measureCliMemory() {
  await buildCliIfStale()
  const few = await peakOfRun(FEW)
  const many = await peakOfRun(MANY)
  const isKnown = few !== null && many !== null
  return [
    {
      id: 'cli-memory',
      name: `peak memory of \`ripplescope run\`: ${MANY} reviews / ${FEW}`,
      unit: '×',
      goal: 1.1,
      value: isKnown ? spreadOf([many / few]) : null,
      note: isKnown
        ? `RSS, ${(few / MB).toFixed(0)} and ${(many / MB).toFixed(0)} MB; tiny model`
        : 'only Linux tells',
    },
  ]
}

/** @param {number} reviews @returns {Promise<number | null>} bytes */
async function peakOfRun(reviews) {
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-bench-'))
  try {
    const file = join(folder, 'reviews.jsonl')
    await writeFile(file, shortReviews(reviews))
    const args = [
      `--sample=${reviews}`,
      ...SETTINGS,
      '--threads=1',
      '--quiet',
      `--out=${join(folder, 'run')}`,
    ]
    const child = spawn(
      process.execPath,
      [join(ROOT, 'bin/ripplescope.mjs'), 'run', file, '--model', join(ROOT, 'fixtures/tiny-bert'), ...args],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    /** @type {number | null} */
    let peak = null
    const look = setInterval(async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
      if (kilobytes) peak = Math.max(peak ?? 0, 1024 * Number(kilobytes))
    }, INTERVAL)
    const code = await new Promise((resolve) => child.on('close', resolve))
    clearInterval(look)
    if (code !== 0) throw new Error(`ripplescope run ended with ${code}`)
    return peak
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

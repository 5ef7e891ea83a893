import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../scripts/build.mjs'
import { buildCliIfStale } from '../scripts/buildCli.mjs'
import { REST_MS, SIDE, SUBSTITUTIONS } from './cliNative.mjs'
import { rest } from './page.mjs'
import { THREADS } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

/** Reviews of a short and of a longer run of the command, in both of which each core has its batches. */
const FEW = 8 * THREADS
const MANY = 24 * THREADS
/** Number of the longer run's further reviews over which the others are timed. */
const TIMED = 8
/** Number of rounds between two runs of the command: it takes as long as many batches. */
const ROUNDS_PER_COMMAND = 2

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('./cliNative.mjs').Native} Native */
/** @typedef {import('./cliTorch.mjs').Torch} Torch */

/**
 * Measures the command, from its start to its files: what each further review takes, with substitutes and files,
 * against the same forwards by others in the same round; and the whole of it against its further reviews.
 *
 * @param {Native} native
 * @param {Torch} torch
 * @param {number} length @param {number} rounds
 * @returns {Promise<Row[]>}
 */
export async function measureCommand(native, torch, length, rounds) {
  await buildCliIfStale()
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-bench-'))
  /** @type {Record<'whole' | 'further' | 'engine' | 'loop' | 'eager' | 'sdpa' | 'torchProduct' | 'product', number[]>} */
  const times = {
    whole: [],
    further: [],
    engine: [],
    loop: [],
    eager: [],
    sdpa: [],
    torchProduct: [],
    product: [],
  }
  const further = MANY - FEW
  /** @param {(batch: number[][]) => Promise<{ ms: number }>} measure */
  const timed = async (measure) => {
    await rest(REST_MS)
    let ms = 0
    for (let i = 0; i < TIMED; i++) ms += (await measure(native.batchOf(length, i))).ms
    return (ms * further) / TIMED
  }
  const share = (further * native.operations(length)) / (2 * SIDE ** 3)
  try {
    const files = [FEW, MANY].map((count) => join(folder, `${count}.jsonl`))
    for (const [i, count] of [FEW, MANY].entries()) await writeFile(files[i], native.textsOf(length, count))
    for (let round = 0; round < Math.max(1, Math.floor(rounds / ROUNDS_PER_COMMAND)); round++) {
      await rest(REST_MS)
      const few = await runCommand(files[0], join(folder, `few-${round}`))
      const many = await runCommand(files[1], join(folder, `many-${round}`))
      times.whole.push(many)
      times.further.push(many - few)
      times.engine.push(await timed(native.engine))
      times.loop.push(await timed(native.loop))
      times.eager.push(await timed((ids) => torch.ask({ attention: 'eager', ids })))
      times.sdpa.push(await timed((ids) => torch.ask({ attention: 'sdpa', ids })))
      await rest(REST_MS)
      times.torchProduct.push((await torch.ask({ size: SIDE })).ms * share)
      await rest(REST_MS)
      times.product.push((await native.product()).ms * share)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const perReview = (1 + SUBSTITUTIONS) * length
  const perSecond = (/** @type {number[]} */ values, /** @type {number} */ reviews) =>
    `${Math.round((1000 * perReview * reviews) / spreadOf(values).median)} tokens a second`
  const what = `the command, each further review of ${length} tokens`
  return [
    .../** @type {const} */ ([
      ['product', "its products alone at the rate of onnxruntime's product", 1 / 0.95],
      ['torchProduct', "its products alone at the rate of PyTorch's product", 1 / 0.95],
      ['eager', 'PyTorch eager', 1 / 1.25],
      ['sdpa', 'PyTorch sdpa', undefined],
      ['loop', 'a loop over onnxruntime', 1 / 1.2],
      ['engine', 'our engine with all threads on one forward', undefined],
    ]).map(
      /** @returns {Row} */ ([id, name, goal]) => ({
        id: `cli-command-${id}-${length}`,
        name: `${what} / ${name}`,
        unit: '×',
        goal,
        value: ratioSpreadOf(times.further, times[id]),
        note: `${perSecond(times.further, further)}, ${perSecond(times[id], further)}`,
      }),
    ),
    {
      id: `cli-command-whole-${length}`,
      name: `the command over ${MANY} reviews of ${length} tokens, its start included / so many further reviews`,
      unit: '×',
      value: ratioSpreadOf(
        times.whole,
        times.further.map((ms) => (ms * MANY) / further),
      ),
      note: perSecond(times.whole, MANY),
    },
  ]
}

/** @param {string} file @param {string} out @returns {Promise<number>} milliseconds */
async function runCommand(file, out) {
  const started = performance.now()
  const settings = [
    `--least-impactful=${SUBSTITUTIONS}`,
    '--random-positions=0',
    '--perturbations=none',
    '--readings=0',
  ]
  const args = ['run', file, `--threads=${THREADS}`, '--quiet', `--out=${out}`, ...settings]
  const child = spawn(process.execPath, [join(ROOT, 'bin/ripplescope.mjs'), ...args], { stdio: 'inherit' })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`ripplescope run ended with ${code}`)
  return performance.now() - started
}

import { measureCommand } from './cliCommand.mjs'
import { openNative, REST_MS, SIDE, SUBSTITUTIONS } from './cliNative.mjs'
import { openTorch } from './cliTorch.mjs'
import { rest } from './page.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

const LENGTHS = [128, 256]

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('./cliNative.mjs').Native} Native */
/** @typedef {import('./cliTorch.mjs').Torch} Torch */

/**
 * Measures corpus propagation, an original and five substitutions a review: the engine of the command, and the command
 * itself, against PyTorch and against a loop over onnxruntime, one after the other in each round.
 *
 * @param {object} options
 * @param {string} options.python interpreter with torch and transformers
 * @param {number} options.rounds
 * @returns {Promise<Row[]>}
 */
export async function measureCli({ python, rounds }) {
  const torch = await openTorch(python)
  const native = await openNative()
  try {
    /** @type {Row[]} */
    const rows = []
    for (const length of LENGTHS) {
      rows.push(...(await compare(native, torch, length, rounds)))
      rows.push(...(await measureCommand(native, torch, length, rounds)))
      console.error(`cli: ${length} tokens done`)
    }
    return rows
  } finally {
    torch.close()
    await native.release()
  }
}

/**
 * @param {Native} native
 * @param {Torch} torch
 * @param {number} length @param {number} rounds
 * @returns {Promise<Row[]>}
 */
async function compare(native, torch, length, rounds) {
  /** @type {Record<'engine' | 'spinning' | 'loop' | 'eager' | 'sdpa' | 'torchProduct' | 'product', number[]>} */
  const times = { engine: [], spinning: [], loop: [], eager: [], sdpa: [], torchProduct: [], product: [] }
  for (let round = -2; round < rounds; round++) {
    const batch = native.batchOf(length, round)
    await rest(REST_MS)
    const torchProduct = await torch.ask({ size: SIDE })
    await rest(REST_MS)
    const product = await native.product()
    await rest(REST_MS)
    const engine = await native.engine(batch)
    await rest(REST_MS)
    const spinning = await native.spinning(batch)
    await rest(REST_MS)
    const eager = await torch.ask({ attention: 'eager', ids: batch })
    await rest(REST_MS)
    const loop = await native.loop(batch)
    await rest(REST_MS)
    const sdpa = await torch.ask({ attention: 'sdpa', ids: batch })
    requireEqual(engine.distances, eager.distances.flat())
    requireEqual(loop.distances, eager.distances.flat())
    // The first rounds warm up.
    if (round < 0) continue
    times.engine.push(engine.ms)
    times.spinning.push(spinning.ms)
    times.loop.push(loop.ms)
    times.eager.push(eager.ms)
    times.sdpa.push(sdpa.ms)
    // Time that the products of the batch would take at that rate.
    const share = native.operations(length) / (2 * SIDE ** 3)
    times.torchProduct.push(torchProduct.ms * share)
    times.product.push(product.ms * share)
  }
  const tokens = (1 + SUBSTITUTIONS) * length
  const perSecond = (/** @type {number[]} */ values) => Math.round((1000 * tokens) / spreadOf(values).median)
  const what = `${1 + SUBSTITUTIONS} × ${length} tokens`
  return [
    .../** @type {const} */ ([
      ['product', 'onnxruntime'],
      ['torchProduct', 'PyTorch'],
    ]).map(
      /** @returns {Row} */ ([id, name]) => ({
        id: `cli-${id}-${length}`,
        name: `${what}: our engine / its products alone at the rate of ${name}'s ${SIDE} × ${SIDE} product`,
        unit: '×',
        value: ratioSpreadOf(times.engine, times[id]),
        note: `${perSecond(times.engine)} tokens a second`,
      }),
    ),
    .../** @type {const} */ ([
      ['eager', 'PyTorch eager'],
      ['sdpa', 'PyTorch sdpa'],
      ['loop', 'a loop over onnxruntime'],
      ['spinning', 'the same with threads that spin without end'],
    ]).map(
      /** @returns {Row} */ ([id, name]) => ({
        id: `cli-${id}-${length}`,
        name: `${what}: our engine / ${name}`,
        unit: '×',
        value: ratioSpreadOf(times.engine, times[id]),
        note: `${perSecond(times[id])} tokens a second`,
      }),
    ),
  ]
}

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} expected */
function requireEqual(found, expected) {
  if (found.length !== expected.length) throw new Error(`${found.length} distances, not ${expected.length}`)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / Math.max(expected[i], 1)
    if (!(error < 1e-4)) throw new Error(`distance ${i} is ${found[i]}, in PyTorch ${expected[i]}`)
  }
}

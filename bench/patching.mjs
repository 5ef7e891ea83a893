import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rest } from './page.mjs'
import { load, MODEL_FOLDER, THREADS } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

const LENGTHS = [48, 128]
const WEIGHTS = 'model.safetensors'

/**
 * Measures what the inputs cost by which hidden states are replaced, and a whole sweep of the ripple against as many
 * forwards as it has cells; by onnxruntime in Node.
 *
 * @param {{ rounds: number }} options
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function measurePatching({ rounds }) {
  const { withoutStates } = await load('bench/withoutStates.ts')
  const { createEncoder } = await load('src/engine/forward/encoder.ts')
  const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
  const { writeEncoderGraph } = await load('src/onnx/encoderGraph.ts')
  const { parseModelConfig } = await load('src/onnx/families/index.ts')
  const { openCheckpoint } = await load('src/weights/checkpoint.ts')
  const { nextBatch, rowsOf, sweepPatches } = await load('src/core/measures/patchSweep.ts')
  const config = parseModelConfig(JSON.parse(await readFile(join(MODEL_FOLDER, 'config.json'), 'utf8')))
  const checkpoint = await openCheckpoint(WEIGHTS, new Blob([await readFile(join(MODEL_FOLDER, WEIGHTS))]))
  /** @type {import('../src/engine/forward/runtime').Runtime} */
  const runtime = createNodeRuntime(THREADS)
  /** @type {import('../src/onnx/encoderGraph').EncoderGraph} */
  const graph = writeEncoderGraph(config, checkpoint, runtime)
  const sessions = [await runtime.open(graph.bytes, checkpoint)]
  const plainGraph = withoutStates(graph)
  sessions.push(await runtime.open(plainGraph.bytes, checkpoint))
  /** @type {import('../src/engine/forward/encoder').Encoder} */
  const encoder = createEncoder(runtime, sessions[0], graph, config)
  /** @type {import('../src/engine/forward/encoder').Encoder} */
  const plain = createEncoder(runtime, sessions[1], plainGraph, config)

  /** @type {import('./report.mjs').Row[]} */
  const rows = []
  for (const length of LENGTHS) {
    const ids = Array.from({ length }, (_, i) => 1000 + ((i * 7919) % 20_000))
    const changed = ids.with(5, 2000)
    const { hiddenStates } = await encoder.encode(ids)
    const { distances } = await encoder.encode(changed, hiddenStates)
    const shape = { layers: graph.states, positions: length, own: [5], read: 0, visible: [], distances }
    /** @type {Record<'masked' | 'plain' | 'sweep' | 'cells', number[]>} */
    const times = { masked: [], plain: [], sweep: [], cells: [] }
    /** @param {() => Promise<unknown>} work */
    const timed = async (work) => {
      await rest()
      const started = performance.now()
      await work()
      return performance.now() - started
    }
    for (let round = -2; round < rounds; round++) {
      const masked = await timed(() => encoder.encode(changed, hiddenStates))
      const without = await timed(() => plain.encode(changed, hiddenStates))
      // The first rounds warm up.
      if (round < 0) continue
      times.masked.push(masked)
      times.plain.push(without)
    }
    for (let round = 0; round < Math.max(1, Math.floor(rounds / 10)); round++) {
      const forward = await timed(() => encoder.encode(changed, hiddenStates))
      times.sweep.push(
        await timed(async () => {
          for (let patches = sweepPatches(shape); patches.length > 0; ) {
            const batch = nextBatch(patches, graph.states, rowsOf(length))
            await encoder.encodePatched(
              changed,
              hiddenStates,
              batch.patches.map(
                (/** @type {import('../src/core/measures/patchSweep').SweepPatch} */ { patch }) => patch,
              ),
            )
            patches = patches.slice(batch.patches.length)
          }
        }),
      )
      const after = await timed(() => encoder.encode(changed, hiddenStates))
      times.cells.push((graph.states * length * (forward + after)) / 2)
    }
    const ms = (/** @type {number[]} */ values) => `${spreadOf(values).median.toFixed(1)} ms`
    rows.push(
      {
        id: `patching-click-${length}`,
        name: `a forward with the inputs that replace states / without them, ${length} tokens`,
        unit: '×',
        goal: 1.02,
        value: ratioSpreadOf(times.masked, times.plain),
        note: `${ms(times.masked)} against ${ms(times.plain)}`,
      },
      {
        id: `patching-sweep-${length}`,
        name: `a sweep of the ripple / its cells × a forward, ${length} tokens`,
        unit: '×',
        goal: 0.55,
        value: ratioSpreadOf(times.sweep, times.cells),
        note: `${(spreadOf(times.sweep).median / 1000).toFixed(1)} s for ${graph.states * length} cells, parts of layers and whole positions with them`,
      },
    )
  }
  for (const session of sessions) await session.release()
  return rows
}

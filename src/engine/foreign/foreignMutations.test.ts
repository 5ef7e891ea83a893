import { afterAll, describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import { writeEmbeddingGraph } from '../../onnx/foreign/embeddingGraph'
import { FOREIGN, FOREIGN_POSITIONS, foreignBytes, foreignFile } from '../../onnx/foreign/foreignFixture'
import { understandGraph } from '../../onnx/foreign/foreignGraph'
import { mutated, seededRandom } from '../../onnx/foreign/mutationFixture'
import { readOnnxFile } from '../../onnx/foreign/onnxFile'
import { writeProbeGraph } from '../../onnx/foreign/probeGraph'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { openForeignModel } from './foreignModel'

const MUTATIONS = 1000
const LONGEST_MS = 5000
/** Number of mutations of which one is also opened in the runtime. */
const OPENED = 4

const runtime = createNodeRuntime(1)
const files = FOREIGN.files.filter(({ unfit }) => !unfit)

/** Opens a mutated file and measures with it. @returns what it came to */
async function outcomeOf(index: number): Promise<string> {
  const { file, data = [] } = files[index % files.length]
  const bytes = mutated(foreignBytes(file), seededRandom(index))
  try {
    const companions = await Promise.all(data.map(foreignFile))
    const read = await readOnnxFile({ name: file, blob: new Blob([bytes]) }, companions)
    if (index % OPENED > 0) {
      const graph = understandGraph(read)
      return [writeProbeGraph(graph).bytes, writeEmbeddingGraph(graph)].every(({ length }) => length > 0)
        ? 'understood'
        : 'nothing written'
    }
    const { parts } = await openForeignModel(runtime, runtime, read, { maxPositions: FOREIGN_POSITIONS })
    const { hiddenStates } = await parts.encoder.encode([5, 6, 7])
    await parts.release()
    return hiddenStates.every((states) => states.every(Number.isFinite)) ? 'verified' : 'not finite'
  } catch (thrown) {
    if (!(thrown instanceof FailureError)) return `${file}, mutation ${index}: ${String(thrown)}`
    const { kind, message, advice } = thrown.failure
    return message.length > 10 && advice ? kind : `${file}, mutation ${index} says only: ${message}`
  }
}

describe('mutated ONNX files', () => {
  const outcomes = new Map<string, number>()
  afterAll(() => outcomes.clear())

  it(
    `end ${MUTATIONS} times in a clear failure or in a verified model`,
    async () => {
      let longest = 0
      for (let index = 0; index < MUTATIONS; index++) {
        const start = performance.now()
        const outcome = await outcomeOf(index)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        longest = Math.max(longest, performance.now() - start)
      }
      const expected = ['damaged-file', 'missing-file', 'unsupported-model', 'understood', 'verified']
      expect([...outcomes.keys()].filter((outcome) => !expected.includes(outcome))).toEqual([])
      // If all are refused, nothing was tried beyond the first check.
      for (const outcome of ['damaged-file', 'unsupported-model', 'understood', 'verified']) {
        expect(outcomes.get(outcome), outcome).toBeGreaterThan(MUTATIONS / 100)
      }
      expect(longest).toBeLessThan(LONGEST_MS)
    },
    MUTATIONS * LONGEST_MS,
  )
})

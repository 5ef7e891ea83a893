import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import {
  FOREIGN,
  FOREIGN_POSITIONS,
  foreignBytes,
  foreignNamed,
  readForeign,
} from '../../onnx/foreign/foreignFixture'
import { understandGraph } from '../../onnx/foreign/foreignGraph'
import { readOnnxFile } from '../../onnx/foreign/onnxFile'
import { tableProjectionIn } from '../../onnx/foreign/projection'
import { ModelProtoSchema, NodeProtoSchema } from '../../onnx/schema/onnx_pb'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { openForeignModel } from './foreignModel'

const FILE = 'electra.dynamo-18.onnx'

/** Returns the file with another operator behind the projection, whose result is then h_0. */
async function bentAfterProjection() {
  const { stream } = understandGraph(await readForeign(foreignNamed(FILE)))
  const [state] = stream.hiddenStates
  const model = fromBinary(ModelProtoSchema, foreignBytes(FILE))
  const nodes = model.graph?.node ?? []
  const at = nodes.findIndex(({ output }) => output.includes(state))
  nodes[at].output = ['projected']
  nodes.splice(at + 1, 0, create(NodeProtoSchema, { opType: 'Tanh', input: ['projected'], output: [state] }))
  const blob = new Blob([new Uint8Array(toBinary(ModelProtoSchema, model))])
  return readOnnxFile({ name: 'model.onnx', blob }, [])
}

describe('the projection between a narrow word table and the layers', () => {
  it.each([
    ['electra.legacy-17.onnx', 'conv1d'],
    ['albert.legacy-11.onnx', 'conv1d'],
    ['bert.slim.onnx', undefined],
  ])('is found in %s', async (file, layout) => {
    expect(tableProjectionIn(understandGraph(await readForeign(foreignNamed(file))))?.layout).toBe(layout)
  })

  it('is not guessed: what else makes h_0 leaves the closest tokens out, and nothing more', async () => {
    const runtime = createNodeRuntime(1)
    const { layers, width, vocabularySize, inputIds } = FOREIGN.models.electra
    const sizes = { layers, width, vocabularySize, maxPositions: FOREIGN_POSITIONS }
    const { parts } = await openForeignModel(runtime, runtime, await bentAfterProjection(), sizes)
    const [row] = await parts.wordTable.candidates([{ tokenId: inputIds[0], position: 0 }], 3, [])
    expect(row).toHaveLength(3)
    const states = new Float32Array(width).fill(1)
    for (const asked of [
      () => parts.wordTable.closest(states, 3),
      async () => (await parts.rankTable()).ranks(states, [5]),
    ]) {
      const failure = failureOf(await asked().catch((thrown: unknown) => thrown))
      expect(failure).toMatchObject({ kind: 'unsupported-model' })
      expect(failure.message).toMatch(/rows of 8 numbers to hidden states of 16 by something else/)
    }
    await parts.release()
  })
})

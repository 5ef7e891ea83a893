import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { ModelProtoSchema } from '../schema/onnx_pb'
import { foreignNamed, readForeign } from './foreignFixture'
import { understandGraph } from './foreignGraph'
import { writeProbeGraph } from './probeGraph'

async function operatorsOf(file: string) {
  const foreign = understandGraph(await readForeign(foreignNamed(file)))
  const { graph } = fromBinary(ModelProtoSchema, writeProbeGraph(foreign).bytes)
  const ops = (nodes: readonly { readonly opType: string }[] = []) => nodes.map(({ opType }) => opType)
  return { before: ops(foreign.index.nodes), after: ops(graph?.node) }
}

describe('the probe of a file with rotary positions', () => {
  it.each(['llama.legacy-14.onnx', 'llama.dynamo-18.onnx', 'modernbert.dynamo-18.onnx'])(
    'leaves no Cos and no Sin of %s to the device',
    async (file) => {
      const { before, after } = await operatorsOf(file)
      expect(before).toEqual(expect.arrayContaining(['Cos', 'Sin']))
      expect(after.filter((op) => op === 'Cos' || op === 'Sin')).toEqual([])
      // All else that the file computes stays.
      expect(after.filter((op) => op === 'MatMul')).toHaveLength(
        before.filter((op) => op === 'MatMul').length,
      )
    },
  )
})

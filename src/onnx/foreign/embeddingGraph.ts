import { TensorProto_DataType } from '../schema/onnx_pb'
import type { ForeignGraph } from './foreignGraph'
import { ProbeWriter } from './probeWriter'

/**
 * Writes the file's graph up to h_0: the embedding layer of tokens at positions.
 *
 * Inputs: `token_ids` int64 [b, n], whose words are looked up; `input_ids` int64 [b, n], from which the file counts
 * positions, where a padding token would not count. Output: `embeddings` float [b, n, d].
 */
export function writeEmbeddingGraph(foreign: ForeignGraph): Uint8Array {
  const { words, inputs, stream, width } = foreign
  const { INT64, FLOAT } = TensorProto_DataType
  const writer = new ProbeWriter(foreign)
  const tokenIds = writer.input('token_ids', 'int64', ['batch', 'sequence'])
  writer.feed(writer.input('input_ids', 'int64', ['batch', 'sequence']))
  const to = inputs.find(({ name }) => name === words.input)?.type ?? INT64
  let ids = writer.before('Cast', [tokenIds], 'token_ids.as_file', { to })
  for (const [i, carrier] of words.carriers.entries()) {
    ids = writer.copy(carrier, ids, `token_ids.carried.${i}`)
  }
  writer.detour([words.node], words.node.input[words.idsAt], ids)
  writer.after('Cast', [writer.fromFile(stream.hiddenStates[0])], 'embeddings', { to: FLOAT })
  writer.output('embeddings', 'float', ['batch', 'sequence', width])
  return writer.build()
}

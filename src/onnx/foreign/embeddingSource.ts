import { type NodeProto, type TensorProto, TensorProto_DataType } from '../schema/onnx_pb'
import { attributeOf, type GraphIndex } from './graphIndex'
import { unread } from './refusals'
import { SHAPE_ONLY } from './steps'

const { FLOAT, FLOAT16, BFLOAT16, INT8, UINT8 } = TensorProto_DataType

/** Nodes that hand token ids on as they are. */
const ID_CARRIERS = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'])

/** Nodes whose output is still the same table. */
const TABLE_CARRIERS = new Set(['Cast', 'Identity', 'DequantizeLinear'])

/** Most nodes between an input and its look-up: a limit for hostile chains. */
const MAX_CARRIERS = 64

/** Describes a table in which an input's ids are looked up. */
export interface Lookup {
  /** The graph's input. */
  readonly input: string
  /** The node that looks up: Gather, or the runtime's EmbedLayerNormalization. */
  readonly node: NodeProto
  /** Nodes from the input to the node's ids, in order. */
  readonly carriers: readonly NodeProto[]
  /** Index of the ids among the node's inputs. */
  readonly idsAt: number
  readonly table: TensorProto
  /** DequantizeLinear by which the table's values are read, with its scales and zero points; else null. */
  readonly dequantize: NodeProto | null
  /** Looked-up rows as float, after Cast or DequantizeLinear; with EmbedLayerNormalization h_0 itself. */
  readonly rows: string
}

/** Returns every look-up of an input's ids in a table of the file: words, positions, segments. */
export function lookupsOf(graph: GraphIndex): Lookup[] {
  return graph.nodes.flatMap((node): Lookup[] => {
    if (node.opType === 'Gather' && Number(attributeOf(node, 'axis')?.i ?? 0) === 0) {
      return lookup(graph, node, 0, 1) ?? []
    }
    if (node.opType !== 'EmbedLayerNormalization') return []
    // input_ids, segment_ids, word, position and segment table, gamma, beta, mask, position_ids
    return [lookup(graph, node, 2, 0), lookup(graph, node, 4, 1), lookup(graph, node, 3, 8)].flatMap(
      (found) => found ?? [],
    )
  })
}

function lookup(graph: GraphIndex, node: NodeProto, tableAt: number, idsAt: number): Lookup[] | undefined {
  const ids = originOf(graph, node.input[idsAt] ?? '', ID_CARRIERS)
  const stored = originOf(graph, node.input[tableAt] ?? '', TABLE_CARRIERS)
  const table = graph.initializers.get(stored.value)
  if (table?.dims.length !== 2 || !graph.inputs.some(({ name }) => name === ids.value)) return undefined
  const before = stored.carriers.find(({ opType }) => opType === 'DequantizeLinear')
  const behind = asFloat(graph, node.output[0])
  const dequantize = before ?? behind.dequantize
  return [{ input: ids.value, node, carriers: ids.carriers, idsAt, table, dequantize, rows: behind.value }]
}

/** Returns the origin of a value, through nodes that only pass it on. */
function originOf(graph: GraphIndex, value: string, through: ReadonlySet<string>) {
  const carriers: NodeProto[] = []
  let node = graph.producerOf(value)
  while (node && through.has(node.opType) && carriers.length < MAX_CARRIERS) {
    carriers.unshift(node)
    value = node.input[0] ?? ''
    node = graph.producerOf(value)
  }
  return { value, carriers }
}

/** Returns the float rows of a table, which a half-precision or quantised one gets only after the look-up. */
function asFloat(graph: GraphIndex, rows: string): { value: string; dequantize: NodeProto | null } {
  const type = graph.typeOf(rows)
  const [consumer, more] = graph.consumersOf(rows)
  if (more || !consumer) return { value: rows, dequantize: null }
  const isHalf = type === FLOAT16 || type === BFLOAT16
  if (isHalf && consumer.opType === 'Cast' && graph.typeOf(consumer.output[0]) === FLOAT) {
    return { value: consumer.output[0], dequantize: null }
  }
  if ((type === INT8 || type === UINT8) && consumer.opType === 'DequantizeLinear') {
    return { value: consumer.output[0], dequantize: consumer }
  }
  return { value: rows, dequantize: null }
}

/**
 * Returns the look-up of the words: of an input called `input_ids` where there is one, else in the table with the most
 * rows.
 *
 * @throws FailureError `unsupported-model` where nothing is looked up
 */
export function wordLookup(graph: GraphIndex): Lookup {
  // Some optimisers fuse the look-up, and leave the old one for its shape alone.
  const lookups = lookupsOf(graph).filter(({ rows }) => reachesAnswer(graph, rows))
  const named = lookups.filter(({ input }) => input === 'input_ids')
  const [most] = (named.length > 0 ? named : lookups).sort((a, b) =>
    Number(b.table.dims[0] - a.table.dims[0]),
  )
  if (!most) {
    unread('No input of the file is looked up in a word table, so that it seems to read no tokens.')
  }
  return most
}

/** Says whether an output of the graph depends on the numbers of a value, and not only on its shape. */
function reachesAnswer(graph: GraphIndex, from: string): boolean {
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const seen = new Set([from])
  for (const value of seen) {
    if (outputs.has(value)) return true
    for (const { opType, output } of graph.consumersOf(value)) {
      if (!SHAPE_ONLY.has(opType)) for (const made of output) seen.add(made)
    }
  }
  return false
}

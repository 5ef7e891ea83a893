import { type NodeProto, TensorProto_DataType } from '../schema/onnx_pb'
import { attributeOf, type GraphIndex } from './graphIndex'
import { nodesWithin } from './subgraphs'

const { FLOAT16, BFLOAT16, FLOAT, INT8, UINT8, DOUBLE } = TensorProto_DataType

/** Operators that round activations to integers as they run. */
const ROUNDING = new Set([
  'DynamicQuantizeLinear',
  'MatMulInteger',
  'ConvInteger',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
  'DynamicQuantizeLSTM',
  'QuantizeLinear',
  'QLinearMatMul',
  'QGemm',
  'QAttention',
])

const PRODUCTS = new Set([
  'MatMul',
  'Gemm',
  'FusedMatMul',
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
])

/** MatMulNBits' `accuracy_level` up to which it computes in fp32. */
const FP32_ACCURACY = 1

/** Says in which precision a file computes, and whether distances between its hidden states have a meaning. */
export interface Fitness {
  readonly fit: boolean
  /** Precision in words: `fp16 weights, fp32 compute`. */
  readonly precision: string
  /** Rank among several fit files; the lowest is chosen. */
  readonly rank: number
  /** Reason in one sentence; empty where the file is fit. */
  readonly reason: string
}

/** Reads from a graph in which numbers it computes. */
export function fitnessOf(graph: GraphIndex): Fitness {
  const nodes = graph.nodes.flatMap(nodesWithin)
  const rounding = nodes.find((node) => ROUNDING.has(node.opType) || isCoarse(node))
  if (rounding) {
    return {
      fit: false,
      precision: 'int8 compute',
      rank: Number.POSITIVE_INFINITY,
      reason:
        `It rounds activations to 8-bit integers as it runs (${rounding.opType}), with one scale for a whole text, ` +
        'so that every token would seem to move when one changes.',
    }
  }
  const half = nodes.find(
    ({ opType, input }) => PRODUCTS.has(opType) && [FLOAT16, BFLOAT16].includes(graph.typeOf(input[0])),
  )
  if (half) {
    return {
      fit: false,
      precision: 'fp16 compute',
      rank: Number.POSITIVE_INFINITY,
      reason:
        'It computes in 16-bit floating point, whose rounding is larger than many of the distances measured.',
    }
  }
  return { fit: true, reason: '', ...weightFormat(graph, nodes) }
}

/** Says whether a node is a product with 4-bit weights that may round activations. */
function isCoarse(node: NodeProto): boolean {
  return node.opType === 'MatMulNBits' && Number(attributeOf(node, 'accuracy_level')?.i ?? 0) > FP32_ACCURACY
}

function weightFormat(graph: GraphIndex, nodes: readonly NodeProto[]): { precision: string; rank: number } {
  const bytes = new Map<string, number>()
  for (const { dataType, dims } of graph.initializers.values()) {
    const format = FORMATS.get(dataType)
    if (!format || dims.length < 2) continue
    const elements = dims.reduce((product, dim) => product * Number(dim), 1)
    bytes.set(format, (bytes.get(format) ?? 0) + elements)
  }
  const blocks = nodes.some(({ opType }) => opType === 'MatMulNBits' || opType === 'MatMulBnb4')
  const [most] = [...bytes].sort((a, b) => b[1] - a[1])
  const format = blocks ? '4-bit' : (most?.[0] ?? 'fp32')
  return { precision: `${format} weights, fp32 compute`, rank: RANKS.indexOf(format) }
}

const FORMATS: ReadonlyMap<number, string> = new Map([
  [FLOAT, 'fp32'],
  [DOUBLE, 'fp64'],
  [FLOAT16, 'fp16'],
  [BFLOAT16, 'bf16'],
  [INT8, 'int8'],
  [UINT8, 'int8'],
])

/** Kinds of weights, the most exact first. */
const RANKS = ['fp32', 'fp64', 'fp16', 'bf16', 'int8', '4-bit']

import type { TensorDtype } from '../../weights/tensor'
import { type NodeProto, type TensorProto, TensorProto_DataType } from '../schema/onnx_pb'
import type { ForeignGraph } from './foreignGraph'
import { attributeOf, type GraphIndex } from './graphIndex'
import type { ProjectionLayout } from './wordTableAlone'

/** Types that weights are read in as they are. */
export const FLOATS: ReadonlyMap<number, TensorDtype> = new Map([
  [TensorProto_DataType.FLOAT, 'F32'],
  [TensorProto_DataType.FLOAT16, 'F16'],
  [TensorProto_DataType.BFLOAT16, 'BF16'],
])

/** Holds a tensor of the file and the type of its values. */
export interface Weight {
  readonly tensor: TensorProto
  readonly dtype: TensorDtype
}

/** Holds the file's linear layer P x + b between a narrow word table and the layers. */
export interface ForeignProjection {
  readonly weight: Weight
  readonly layout: ProjectionLayout
  /** float [width] */
  readonly bias: Weight
}

/** Nodes whose output has the same values, in another type or shape. */
const CARRIERS = new Set(['Cast', 'Identity', 'Reshape'])

/** Most carriers in a row: a limit for hostile chains. */
const MAX_CARRIERS = 16

/**
 * Finds the projection that gives h_0 (ELECTRA's `embeddings_project`, ALBERT's `embedding_hidden_mapping_in`): a
 * MatMul with an Add after it, or a Gemm, with a matrix and a vector of the file.
 *
 * @returns null where the table has the hidden states' width, or where h_0 is made in another way
 */
export function tableProjectionIn(foreign: ForeignGraph): ForeignProjection | null {
  const { index, stream, tableWidth, width } = foreign
  if (tableWidth === width) return null
  const last = makerOf(index, stream.hiddenStates[0])
  if (last?.opType === 'Gemm') {
    const [weight, bias] = [last.input[1], last.input[2]].map((value) => weightAt(index, value))
    const transposed = Number(attributeOf(last, 'transB')?.i ?? 0) === 1
    return projectionOf(weight, bias, transposed ? 'linear' : 'conv1d', foreign, isPlainGemm(last))
  }
  if (last?.opType !== 'Add') return null
  const vectorAt = last.input.findIndex((value) => weightAt(index, value) !== null)
  const product = makerOf(index, last.input[1 - vectorAt] ?? '')
  if (vectorAt < 0 || product?.opType !== 'MatMul') return null
  const weight = matrixAt(index, product.input[1])
  if (!weight) return null
  return projectionOf(weight.weight, weightAt(index, last.input[vectorAt]), weight.layout, foreign, true)
}

function projectionOf(
  weight: Weight | null,
  bias: Weight | null,
  layout: ProjectionLayout,
  { tableWidth, width }: ForeignGraph,
  isPlain: boolean,
): ForeignProjection | null {
  if (!weight || !bias || !isPlain) return null
  const shape = layout === 'linear' ? [width, tableWidth] : [tableWidth, width]
  if (String(weight.tensor.dims) !== String(shape) || String(bias.tensor.dims) !== String([width]))
    return null
  return { weight, layout, bias }
}

/** Says whether a node is A B + C without factors or transposed A. */
function isPlainGemm(node: NodeProto): boolean {
  const factors = ['alpha', 'beta'].map((name) => attributeOf(node, name)?.f ?? 1)
  return factors.every((factor) => factor === 1) && Number(attributeOf(node, 'transA')?.i ?? 0) === 0
}

function makerOf(index: GraphIndex, value: string): NodeProto | undefined {
  let node = index.producerOf(value)
  for (let i = 0; i < MAX_CARRIERS && node && CARRIERS.has(node.opType); i++) {
    node = index.producerOf(node.input[0] ?? '')
  }
  return node
}

/** Returns a matrix of the file, as stored or with its axes exchanged. */
function matrixAt(
  index: GraphIndex,
  value: string | undefined,
): { readonly weight: Weight; readonly layout: ProjectionLayout } | null {
  const node = index.producerOf(value ?? '')
  const isExchanged = node?.opType === 'Transpose'
  const weight = weightAt(index, isExchanged ? node.input[0] : value)
  return weight && { weight, layout: isExchanged ? 'linear' : 'conv1d' }
}

/** Returns a tensor of the file, directly or through a Cast; null where the value is computed, or has another type. */
function weightAt(index: GraphIndex, value: string | undefined): Weight | null {
  const node = index.producerOf(value ?? '')
  const name = node?.opType === 'Cast' || node?.opType === 'Identity' ? node.input[0] : value
  const tensor = index.initializers.get(name ?? '')
  const dtype = tensor && FLOATS.get(tensor.dataType)
  return tensor && dtype ? { tensor, dtype } : null
}

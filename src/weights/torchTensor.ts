import { fail } from '../core/failure'
import { BYTES_PER_ELEMENT, type TensorDtype } from './tensor'

/** Holds numbers in one row, of which torch's tensors are views. */
export interface TorchStorage {
  /** Class in torch: `FloatStorage`. */
  readonly type: string
  /** Name of its file below `data/`. */
  readonly key: string
  readonly elements: number
}

/** Describes a view of a storage: element [i, j, ...] is number `offset + i stride[0] + j stride[1] + ...` of it. */
export interface TorchTensor {
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
}

/** Holds a file of torch.save, of any of its formats. */
export interface TorchFile {
  readonly tensors: ReadonlyMap<string, TorchTensor>
  /** Returns where the numbers of a storage begin in the file; throws where they are not there as they should be. */
  offsetOf(storage: TorchStorage, bytesPerElement: number): Promise<number>
}

/** Largest size of the pickle: 20,000 tensors have 5 MB. */
export const MAX_PICKLE_BYTES = 16 * 2 ** 20

/** Storages whose numbers a graph can use. */
const DTYPES: Readonly<Record<string, TensorDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
}

/** Returns the element type of a storage; null for a type that no weight has. */
export const dtypeOf = ({ type }: TorchStorage): TensorDtype | null =>
  Object.hasOwn(DTYPES, type) ? DTYPES[type] : null

export const elementCount = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** Says whether the elements are in the storage one after the other, in the tensor's own order. */
export function isContiguous({ shape, stride }: TorchTensor): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue
    if (stride[axis] !== expected) return false
    expected *= shape[axis]
  }
  return true
}

/** Says whether the elements fill a gapless part of the storage, each once, in any order: a transposed tensor. */
function isPermuted({ shape, stride }: TorchTensor): boolean {
  const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1)
  axes.sort((a, b) => stride[b] - stride[a])
  return isContiguous({
    storage: { type: '', key: '', elements: 0 },
    offset: 0,
    shape: axes.map((axis) => shape[axis]),
    stride: axes.map((axis) => stride[axis]),
  })
}

/**
 * Checks that a tensor is inside its storage, in one gapless piece.
 *
 * @throws FailureError `damaged-file` where it reaches outside; `unsupported-model` where its elements overlap
 *   (`expand`) or have gaps between them
 */
export function checkTensor(name: string, tensor: TorchTensor): void {
  const { storage, offset, shape } = tensor
  const elements = elementCount(shape)
  // Not `>`: a shape that overflows may end in NaN.
  if (!(offset + elements <= storage.elements)) {
    fail(
      'damaged-file',
      `Tensor ${name} of shape [${shape}] reaches outside of its ${storage.elements} numbers.`,
    )
  }
  if (elements > 0 && !isPermuted(tensor)) {
    fail('unsupported-model', `Tensor ${name} is a view with overlaps or gaps, strides [${tensor.stride}].`, {
      advice: 'Make it contiguous in torch, and save the state dict again.',
    })
  }
}

/**
 * Returns a transposed tensor's bytes in its own order.
 *
 * @param bytes of the tensor's part of its storage
 */
export function contiguousCopy(
  { shape, stride }: TorchTensor,
  dtype: TensorDtype,
  bytes: ArrayBuffer,
): ArrayBuffer {
  const size = BYTES_PER_ELEMENT[dtype]
  const View = size === 8 ? Float64Array : size === 4 ? Uint32Array : Uint16Array
  const from = new View(bytes)
  const to = new View(from.length)
  const last = shape.length - 1
  const index = new Array<number>(shape.length).fill(0)
  let place = 0
  for (let i = 0; i < to.length; i++) {
    to[i] = from[place]
    // The next index, carried from the last axis to the first.
    for (let axis = last; axis >= 0; axis--) {
      place += stride[axis]
      if (++index[axis] < shape[axis]) break
      place -= stride[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return to.buffer
}

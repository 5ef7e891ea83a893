/** Names the element types that the graph can use, as safetensors writes them. */
export type TensorDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I8'

export const BYTES_PER_ELEMENT: Readonly<Record<TensorDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I8: 1,
}

/** Locates one tensor in its file. Nothing is loaded. */
export interface TensorLocation {
  readonly name: string
  readonly dtype: TensorDtype
  readonly shape: readonly number[]
  /** Offset in bytes from the start of the file. */
  readonly offset: number
  readonly length: number
}

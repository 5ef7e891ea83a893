import { type Checkpoint, requireTensor, type StoredTensor, scaleNameOf } from '../../weights/checkpoint'
import { TensorProto_DataType } from '../schema/onnx_pb'
import type { GraphBuilder, Value } from './graphBuilder'

/** Holds some rows of a matrix. */
export interface RowBlock {
  /** float [count, columns] */
  readonly value: Value
  /** Index of its first row in the matrix. */
  readonly first: number
  readonly count: number
}

/**
 * Gives the weights of a checkpoint as fp32 values of a graph. F64, F16 and BF16 tensors go through a Cast, I8 ones
 * through a DequantizeLinear with their scale per row (compressed-tensors, strategy "channel").
 */
export class Parameters {
  readonly #builder: GraphBuilder
  readonly #checkpoint: Checkpoint

  constructor(builder: GraphBuilder, checkpoint: Checkpoint) {
    this.#builder = builder
    this.#checkpoint = checkpoint
  }

  has(name: string): boolean {
    return this.#checkpoint.tensors.has(name)
  }

  shapeOf(name: string): readonly number[] | undefined {
    return this.#checkpoint.tensors.get(name)?.shape
  }

  /**
   * Returns a whole tensor. The runtime folds its conversion to fp32 when it loads the graph (of I8 only where
   * `disable_quant_qdq` is set: else it would compute in int8).
   *
   * @param shape what the architecture asks for
   * @throws FailureError `unsupported-model` where the tensor is missing or of another shape
   */
  tensor(name: string, shape: readonly number[]): Value {
    const tensor = requireTensor(this.#checkpoint, name, shape)
    return this.#whole(tensor, () => this.#scales(tensor))
  }

  /**
   * Looks up rows of a matrix and only then converts them: the table itself stays in memory as the file has it.
   *
   * @param indices int64 [...]
   * @returns float [..., columns]
   * @throws FailureError `unsupported-model`
   */
  rows(name: string, shape: readonly [number, number], indices: Value): Value {
    const builder = this.#builder
    const tensor = requireTensor(this.#checkpoint, name, shape)
    const rows = builder.node('Gather', [this.#stored(tensor), indices])
    if (tensor.dtype === 'F32') return rows
    if (tensor.dtype !== 'I8') return this.#toFloat(rows)
    const scales = builder.node('Gather', [this.#scales(tensor), indices])
    const column = builder.node('Unsqueeze', [scales, builder.constant('int64', [-1])])
    return builder.node('Mul', [this.#toFloat(rows), column])
  }

  /**
   * Returns a matrix as blocks of rows, top to bottom, so that memory need not hold a whole large matrix together with
   * its converted copy.
   *
   * @throws FailureError `unsupported-model`
   */
  rowBlocks(name: string, shape: readonly [number, number], rowsPerBlock: number): RowBlock[] {
    const tensor = requireTensor(this.#checkpoint, name, shape)
    const [rows, columns] = shape
    return Array.from({ length: Math.ceil(rows / rowsPerBlock) }, (_, block) => {
      const first = block * rowsPerBlock
      const count = Math.min(rowsPerBlock, rows - first)
      const value = this.#whole(rowRange(tensor, first, count, [count, columns]), () => {
        const scale = requireTensor(this.#checkpoint, scaleNameOf(name), [rows, 1])
        return this.#stored(rowRange(scale, first, count, [count]))
      })
      return { value, first, count }
    })
  }

  #stored(tensor: StoredTensor): Value {
    return this.#builder.external(tensor)
  }

  /**
   * Returns float [rows]: the file's column of scales as the vector that the operators take; its bytes are the same.
   */
  #scales({ name, shape: [rows] }: StoredTensor): Value {
    const scale = requireTensor(this.#checkpoint, scaleNameOf(name), [rows, 1])
    return this.#stored({ ...scale, shape: [rows] })
  }

  #whole(tensor: StoredTensor, scales: () => Value): Value {
    const stored = this.#stored(tensor)
    if (tensor.dtype === 'F32') return stored
    return this.#builder.once(`${tensor.name}.float`, () =>
      tensor.dtype === 'I8'
        ? this.#builder.node('DequantizeLinear', [stored, scales()], { attributes: { axis: 0 } })
        : this.#toFloat(stored),
    )
  }

  #toFloat(value: Value): Value {
    return this.#builder.node('Cast', [value], { attributes: { to: TensorProto_DataType.FLOAT } })
  }
}

/** Describes some rows of a tensor as a tensor of its own, over the same bytes. */
function rowRange(
  { name, fileName, dtype, shape: [rows], offset, length }: StoredTensor,
  first: number,
  count: number,
  shape: readonly number[],
): StoredTensor {
  const bytesPerRow = length / rows
  return {
    name: `${name}.rows_${first}`,
    fileName,
    dtype,
    shape,
    offset: offset + first * bytesPerRow,
    length: count * bytesPerRow,
  }
}

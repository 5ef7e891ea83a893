import { type Checkpoint, requireTensor, scaleNameOf } from '../weights/checkpoint'
import type { TensorLocation } from '../weights/tensor'
import type { GraphBuilder, Value } from './graphBuilder'
import { TensorProto_DataType } from './schema/onnx_pb'

/**
 * The weights of a checkpoint as fp32 values of a graph. F16 and BF16 tensors get a Cast behind them, I8 ones
 * a DequantizeLinear with their scale per row (compressed-tensors, strategy "channel"); the runtime folds both when it
 * loads the graph (I8 only where `disable_quant_qdq` is set: else it would compute in int8).
 */
export class Parameters {
  readonly #builder: GraphBuilder
  readonly #checkpoint: Checkpoint
  readonly #values = new Map<string, Value>()

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
   * @param shape what the architecture asks for
   * @throws FailureError `unsupported-model` where the tensor is missing or of another shape
   */
  tensor(name: string, shape: readonly number[]): Value {
    const known = this.#values.get(name)
    if (known) return known
    const builder = this.#builder
    const tensor = requireTensor(this.#checkpoint, name, shape)
    const stored = builder.external(tensor, this.#checkpoint.fileName)
    const value = tensor.dtype === 'F32' ? stored : this.#toFloat(tensor, stored)
    this.#values.set(name, value)
    return value
  }

  #toFloat({ name, dtype, shape }: TensorLocation, stored: Value): Value {
    const builder = this.#builder
    if (dtype !== 'I8') {
      return builder.node('Cast', [stored], {
        attributes: { to: TensorProto_DataType.FLOAT },
        name: `${name}.float`,
      })
    }
    const [rows] = shape
    const scale = requireTensor(this.#checkpoint, scaleNameOf(name), [rows, 1])
    // The operator wants the column of scales as a vector; its bytes are the same.
    const scales = builder.external({ ...scale, shape: [rows] }, this.#checkpoint.fileName)
    return builder.node('DequantizeLinear', [stored, scales], {
      attributes: { axis: 0 },
      name: `${name}.float`,
    })
  }
}

import { type Checkpoint, requireTensor, scaleNameOf } from '../weights/checkpoint'
import type { GraphBuilder, Value } from './graphBuilder'
import { TensorProto_DataType } from './schema/onnx_pb'

/**
 * The weights of a checkpoint as fp32 values of a graph. F16, BF16 and I8 tensors get a Cast behind them, I8 also a
 * Mul with its scale per row (compressed-tensors, strategy "channel"); the runtime folds both when it loads the graph.
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
    let value = builder.external(tensor, this.#checkpoint.fileName)
    if (tensor.dtype !== 'F32') {
      value = builder.node('Cast', [value], {
        attributes: { to: TensorProto_DataType.FLOAT },
        name: `${name}.float`,
      })
    }
    if (tensor.dtype === 'I8') {
      const scale = requireTensor(this.#checkpoint, scaleNameOf(name), [shape[0], 1])
      value = builder.node('Mul', [value, builder.external(scale, this.#checkpoint.fileName)], {
        name: `${name}.scaled`,
      })
    }
    this.#values.set(name, value)
    return value
  }
}

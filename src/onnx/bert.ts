import type { Checkpoint } from '../weights/checkpoint'
import type { BertConfig } from '../weights/modelConfig'
import type { GraphBuilder, Value } from './graphBuilder'
import { Parameters, type RowBlock } from './parameters'
import type { Transformer, TransformerOptions } from './transformer'

/** Rows of the word table in one operand: small enough to find room where weights of a layer were. */
const ROWS_PER_BLOCK = 1024

/**
 * BERT (Devlin et al. 2019) over its own weights file: transformers' `BertModel`, with pooler and classifier where the
 * file has them. Sequences of one batch have one length, so no attention mask is needed.
 */
export class Bert implements Transformer {
  readonly #builder: GraphBuilder
  readonly #config: BertConfig
  readonly #parameters: Parameters
  readonly #fusedAttention: boolean
  /** `bert.` in files saved with a head, nothing in bare ones. */
  readonly #prefix: string

  constructor(
    builder: GraphBuilder,
    config: BertConfig,
    checkpoint: Checkpoint,
    { fusedAttention = true }: TransformerOptions = {},
  ) {
    this.#builder = builder
    this.#config = config
    this.#fusedAttention = fusedAttention
    this.#parameters = new Parameters(builder, checkpoint)
    this.#prefix = this.#parameters.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : ''
  }

  wordTableBlocks(): RowBlock[] {
    const { vocabularySize, width } = this.#config
    return this.#parameters.rowBlocks(this.#wordTable, [vocabularySize, width], ROWS_PER_BLOCK)
  }

  wordRows(ids: Value): Value {
    const { vocabularySize, width } = this.#config
    return this.#parameters.rows(this.#wordTable, [vocabularySize, width], ids)
  }

  get #wordTable(): string {
    return `${this.#prefix}embeddings.word_embeddings.weight`
  }

  /**
   * h_0: LayerNorm(word + position + type 0).
   *
   * @param inputIds int64 [..., n]
   * @param positionIds int64, broadcast against `inputIds`
   * @returns float [..., n, d]
   */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const builder = this.#builder
    const { maxPositions, typeCount, width } = this.#config
    const embeddings = `${this.#prefix}embeddings`
    const rows = (table: string, count: number, indices: Value) =>
      this.#parameters.rows(`${embeddings}.${table}.weight`, [count, width], indices)
    const words = this.wordRows(inputIds)
    const positions = rows('position_embeddings', maxPositions, positionIds)
    const type = rows('token_type_embeddings', typeCount, builder.constant('int64', [0], []))
    const sum = builder.node('Add', [builder.node('Add', [words, type]), positions])
    return this.#layerNorm(sum, `${embeddings}.LayerNorm`, name)
  }

  /**
   * One encoder layer, post-LN.
   *
   * @param hiddenStates float [b, n, d]
   */
  layer(index: number, hiddenStates: Value, name: string): Value {
    const { width, intermediate } = this.#config
    const layer = `${this.#prefix}encoder.layer.${index}`
    const attention = this.#linear(
      this.#attention(hiddenStates, `${layer}.attention.self`),
      `${layer}.attention.output.dense`,
      width,
      width,
    )
    const attended = this.#layerNorm(
      this.#builder.node('Add', [attention, hiddenStates]),
      `${layer}.attention.output.LayerNorm`,
    )
    const inner = this.#activation(this.#linear(attended, `${layer}.intermediate.dense`, width, intermediate))
    const outer = this.#linear(inner, `${layer}.output.dense`, intermediate, width)
    return this.#layerNorm(this.#builder.node('Add', [outer, attended]), `${layer}.output.LayerNorm`, name)
  }

  /** The classifier over the pooled [CLS]: Gemm(tanh(Gemm(h_L[0]))). */
  logits(hiddenStates: Value, name: string): Value | null {
    const builder = this.#builder
    const pooler = `${this.#prefix}pooler.dense`
    const [labels] = this.#parameters.shapeOf('classifier.weight') ?? []
    if (labels === undefined || !this.#parameters.has(`${pooler}.weight`)) return null
    const { width } = this.#config
    const first = builder.node('Gather', [hiddenStates, builder.constant('int64', [0], [])], {
      attributes: { axis: 1 },
    })
    const pooled = builder.node('Tanh', [this.#gemm(first, pooler, width, width)])
    return this.#gemm(pooled, 'classifier', width, labels, name)
  }

  #attention(hiddenStates: Value, self: string): Value {
    const { width, heads } = this.#config
    const [query, key, value] = ['query', 'key', 'value'].map((part) =>
      this.#linear(hiddenStates, `${self}.${part}`, width, width),
    )
    if (!this.#fusedAttention) return this.#attentionByHeads(query, key, value)
    return this.#builder.node('MultiHeadAttention', [query, key, value], {
      attributes: { num_heads: heads },
      fused: true,
    })
  }

  /** softmax(Q K^T / sqrt(d / heads)) V for each head (Vaswani et al. 2017, eq. 1), in ONNX's own operators. */
  #attentionByHeads(query: Value, key: Value, value: Value): Value {
    const builder = this.#builder
    const { width, heads } = this.#config
    const size = width / heads
    const transposed = (input: Value, perm: readonly number[]) =>
      builder.node('Transpose', [input], { attributes: { perm } })
    const split = (input: Value) =>
      builder.node('Reshape', [input, builder.constant('int64', [0, 0, heads, size])])
    const scores = builder.node('MatMul', [
      transposed(split(query), [0, 2, 1, 3]),
      transposed(split(key), [0, 2, 3, 1]),
    ])
    const scaled = builder.node('Div', [scores, builder.constant('float', [Math.sqrt(size)], [])])
    const weights = builder.node('Softmax', [scaled], { attributes: { axis: -1 } })
    const context = builder.node('MatMul', [weights, transposed(split(value), [0, 2, 1, 3])])
    const joined = builder.constant('int64', [0, 0, width])
    return builder.node('Reshape', [transposed(context, [0, 2, 1, 3]), joined])
  }

  /** x W^T + b over the last axis of [b, n, in]; the weight stays as the file has it, [out, in]. */
  #linear(input: Value, name: string, inFeatures: number, outFeatures: number): Value {
    const builder = this.#builder
    const rows = builder.node('Reshape', [input, builder.constant('int64', [-1, inFeatures])])
    const product = this.#gemm(rows, name, inFeatures, outFeatures)
    const batchAndLength = builder.node('Shape', [input], { attributes: { end: 2 } })
    const shape = builder.node('Concat', [batchAndLength, builder.constant('int64', [outFeatures])], {
      attributes: { axis: 0 },
    })
    return builder.node('Reshape', [product, shape])
  }

  #gemm(rows: Value, name: string, inFeatures: number, outFeatures: number, outputName?: string): Value {
    const weight = this.#parameters.tensor(`${name}.weight`, [outFeatures, inFeatures])
    const bias = this.#parameters.tensor(`${name}.bias`, [outFeatures])
    return this.#builder.node('Gemm', [rows, weight, bias], { attributes: { transB: 1 }, name: outputName })
  }

  #layerNorm(input: Value, name: string, outputName?: string): Value {
    const { width, layerNormEpsilon } = this.#config
    // Checkpoints of TensorFlow's time call the two gamma and beta.
    const [scale, shift] = this.#parameters.has(`${name}.gamma`) ? ['gamma', 'beta'] : ['weight', 'bias']
    return this.#builder.node(
      'LayerNormalization',
      [
        input,
        this.#parameters.tensor(`${name}.${scale}`, [width]),
        this.#parameters.tensor(`${name}.${shift}`, [width]),
      ],
      { attributes: { axis: -1, epsilon: layerNormEpsilon }, name: outputName },
    )
  }

  #activation(input: Value): Value {
    const { activation } = this.#config
    if (activation === 'relu') return this.#builder.node('Relu', [input])
    return this.#builder.node('Gelu', [input], {
      attributes: { approximate: activation === 'gelu' ? 'none' : 'tanh' },
    })
  }
}

import type { Value } from '../builder/graphBuilder'
import { bertEmbeddings } from '../layers/embeddings'
import { linear } from '../layers/linear'
import { type TableProjection, tableProjectionOf } from '../layers/tableProjection'
import { BertEncoder, type PostNormConfig } from './bertEncoder'
import type { FamilyInput } from './family'

export interface EmbeddingWidth extends PostNormConfig {
  /** Width of the word table. */
  readonly embeddingWidth: number
}

/**
 * Writes BERT's encoder over a word table that may be narrower than the layers, with a linear layer between the two.
 */
export abstract class NarrowTableEncoder<C extends EmbeddingWidth> extends BertEncoder<C> {
  readonly #projection: string
  readonly #tables: { readonly maxPositions?: number }

  /**
   * @param projection the linear layer's name behind the prefix
   * @param tables what the embeddings have otherwise than the config says
   */
  constructor(
    input: FamilyInput<C>,
    prefix: string,
    projection: string,
    tables: { readonly maxPositions?: number } = {},
  ) {
    const { embeddingWidth: width } = input.config
    super(input, { prefix, name: 'embeddings.word_embeddings.weight', width })
    this.#projection = this.prefix + projection
    this.#tables = tables
  }

  /** Writes BERT's h_0, projected to the layers' width where the word table has another. */
  override embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const { scope, tableWidth, config } = this
    const tables = { ...config, name: `${this.prefix}embeddings`, width: tableWidth, ...this.#tables }
    const words = this.wordRows(inputIds)
    if (!this.#projects) return bertEmbeddings(scope, tables, words, positionIds, name)
    const narrow = bertEmbeddings(scope, tables, words, positionIds)
    return linear(scope, narrow, this.#projection, tableWidth, config.width, { outputName: name })
  }

  override tableProjection(): TableProjection | null {
    const { scope, tableWidth, config } = this
    return this.#projects ? tableProjectionOf(scope, this.#projection, tableWidth, config.width) : null
  }

  /** Says whether there is a projection; RemBERT has it even where the widths are the same. */
  get #projects(): boolean {
    return this.has(`${this.#projection}.weight`) || this.tableWidth !== this.config.width
  }
}

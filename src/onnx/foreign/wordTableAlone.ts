import type { CommonConfig } from '../../weights/modelConfig'
import type { Value } from '../builder/graphBuilder'
import { Family, type FamilyInput } from '../families/family'
import type { Head } from '../layers/heads'
import { type TableProjection, tableProjectionOf } from '../layers/tableProjection'

/** Names that the word table and its projection are given. */
export const TABLE_NAME = 'word_table'
const PROJECTION = 'projection'
export const PROJECTION_WEIGHT = `${PROJECTION}.weight`
export const PROJECTION_BIAS = `${PROJECTION}.bias`

/** Names an axis order: `linear` is [width, tableWidth], torch's `nn.Linear`; `conv1d` is [tableWidth, width]. */
export type ProjectionLayout = 'linear' | 'conv1d'

/** Writes the word table of a model whose other parts stay in another exporter's graph. */
export class WordTableAlone extends Family<CommonConfig> {
  readonly #layout: ProjectionLayout | null

  /** @param layout of the projection; null: there is none */
  constructor(input: FamilyInput<CommonConfig>, tableWidth: number, layout: ProjectionLayout | null) {
    super(input, { prefix: '', name: TABLE_NAME, width: tableWidth })
    this.#layout = layout
  }

  /** Writes the word's row: the embedding layer is in the other graph. */
  embeddings(inputIds: Value, _positionIds: Value, name?: string): Value {
    return this.scope.builder.node('Identity', [this.wordRows(inputIds)], { name })
  }

  layer(): Value {
    throw new TypeError('the layers are in the other graph')
  }

  override tableProjection(): TableProjection | null {
    const { scope, config, tableWidth } = this
    if (this.#layout === null) return null
    if (this.#layout === 'linear') return tableProjectionOf(scope, PROJECTION, tableWidth, config.width)
    const { builder, parameters } = scope
    const weight = parameters.tensor(PROJECTION_WEIGHT, [tableWidth, config.width])
    return {
      weight: builder.once(`${PROJECTION}.transposed`, () => builder.node('Transpose', [weight])),
      bias: parameters.tensor(PROJECTION_BIAS, [config.width]),
    }
  }

  protected heads(): Head[] {
    return []
  }
}

import {
  formatReviewCsv,
  formatReviewJson,
  type HiddenEffect,
  type ReviewExportRow,
} from '../../core/exports/reviewExport'
import type { Neighbor } from '../../core/measures/neighbor'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import type { Occlusion, TokenEffect } from '../results'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'
import { answerKind } from './answerKind'
import { type Hiding, hiddenEffect, presentOcclusion } from './occlusion'
import { tokenEffects } from './tint'

/** Holds one token of the review: its nearest substitute, and what that does alone in the text. */
export interface ReviewRow {
  readonly position: number
  /** Entry of the vocabulary. */
  readonly token: string
  readonly tokenId: number
  readonly nearest: Neighbor
  /** Null until it is measured. */
  readonly effect: TokenEffect | null
}

const NO_ROWS: readonly ReviewRow[] = []

/** Returns the tokens of a side's review that have a substitute, in the order of the text. */
export const reviewRows = memoizeSides(
  (state: AppState, side) => [
    currentTokens(state, side),
    textSubstitutes(state, side),
    tokenEffects(state, side),
  ],
  (state, side): readonly ReviewRow[] => {
    const tokens = currentTokens(state, side)?.tokens
    const nearest = textSubstitutes(state, side)?.byPosition
    if (!tokens || !nearest) return NO_ROWS
    const effects = tokenEffects(state, side)
    return tokens.flatMap(({ id, text, special }, position) => {
      const [first] = nearest[position] ?? []
      return special || !first
        ? []
        : [{ position, token: text, tokenId: id, nearest: first, effect: effects[position] ?? null }]
    })
  },
)

function hidden(occlusion: Occlusion, hiding: Hiding, position: number): HiddenEffect | null {
  const effect = hiddenEffect(occlusion, hiding, position)
  return effect && { shift: effect.shift, lastLayerDistance: effect.distance, answer: effect.answer }
}

const exportedWith =
  (occlusion: Occlusion | null) =>
  ({ position, token, tokenId, nearest, effect }: ReviewRow): ReviewExportRow => ({
    position,
    token: { id: tokenId, token },
    nearest: { id: nearest.tokenId, token: nearest.token, cosine: nearest.cosine },
    shift: nearest.shift,
    lastLayerDistance: effect?.distance ?? null,
    answer: effect?.answer ?? null,
    ...(occlusion && {
      occlusion: {
        masked: hidden(occlusion, 'masked', position),
        deleted: hidden(occlusion, 'deleted', position),
      },
    }),
  })

/** Returns the table of a side's tokens as CSV; null while there is none. What is not measured is left empty. */
export function exportReviewCsv(state: AppState, side = OWN): string | null {
  const rows = reviewRows(state, side)
  return rows.length > 0
    ? formatReviewCsv(rows.map(exportedWith(presentOcclusion(state, side))), answerKind(state, side))
    : null
}

/** Returns the table of a side's tokens as JSON, with model and text; null while there is none. */
export function exportReviewJson(state: AppState, side = OWN): string | null {
  const rows = reviewRows(state, side)
  const model = modelInfo(state, side)
  const text = currentTokens(state, side)?.text
  if (rows.length === 0 || !model || text === undefined) return null
  // Numbers of a former source, which stand until they are measured anew, are not this model's on this device.
  const own = rows.map((row) =>
    row.effect && JSON.stringify(row.effect.provenance) === JSON.stringify(model.provenance)
      ? row
      : { ...row, effect: null },
  )
  return formatReviewJson({
    model,
    text,
    filters: state.session.filters,
    answer: answerKind(state, side),
    rows: own.map(exportedWith(presentOcclusion(state, side))),
  })
}

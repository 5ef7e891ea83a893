import type { ModelInfo } from '../explorer'
import type { AnswerKind } from '../measures/answerKind'
import type { AnswerEffect, ChangeEffect } from '../measures/changeEffect'
import type { NeighborFilters } from '../measures/neighbor'
import type { Shift } from '../measures/shift'
import type { Provenance } from '../session/provenance'
import { formatCsv } from './csv'
import type { NamedToken } from './exploreExport'

/** Holds one token of a review: what its nearest substitute does, alone in the text. */
export interface ReviewExportRow {
  /** Position from 0 over the input ids, special tokens included. */
  readonly position: number
  readonly token: NamedToken
  readonly nearest: NamedToken & { readonly cosine: number }
  readonly shift: Shift
  /** D_L; null where it is not measured. */
  readonly lastLayerDistance: number | null
  /** Null where it is not measured, or the model gives no answer. */
  readonly answer: AnswerEffect | null
  /** Effects of the mask token in its place, and of the text without it; absent where occlusion was not measured. */
  readonly occlusion?: { readonly masked: HiddenEffect | null; readonly deleted: HiddenEffect | null }
}

export type HiddenEffect = Pick<ChangeEffect, 'shift' | 'answer'> & { readonly lastLayerDistance: number }

/** Holds a whole review as the page's JSON export writes it. Fields may be added within a version. */
export interface ReviewExport {
  readonly format: 'ripplescope-review'
  readonly version: 1
  readonly model: {
    readonly id: string
    readonly family: string
    readonly layers: number
    readonly sha256: string
  }
  readonly provenance: Provenance
  readonly text: string
  readonly filters: NeighborFilters
  /** Meaning of `answer` in the rows; null where the model gives none. */
  readonly answer: AnswerKind | null
  readonly tokens: readonly ReviewExportRow[]
}

/** Name of the answer's column, by its kind. */
const ANSWER_COLUMNS: Readonly<Record<AnswerKind, string>> = {
  label: 'probability_change',
  score: 'score_change',
  'next-token': 'next_token_kl',
  mask: 'mask_kl',
}

/** Ways to hide a token, as prefixes of columns. */
const HIDDEN = ['masked', 'deleted'] as const

/**
 * Writes one row a token. The answer's column is named by its kind; without an answer there is none. Where occlusion was
 * measured, its columns follow, `masked_…` and `deleted_…`.
 */
export function formatReviewCsv(rows: readonly ReviewExportRow[], answer: AnswerKind | null): string {
  const hiding = rows.some(({ occlusion }) => occlusion) ? HIDDEN : []
  const columns = [
    'position',
    'token_id',
    'token',
    'nearest_id',
    'nearest',
    'cosine',
    'shift_l1',
    'shift_l2',
    'shift_linf',
    'last_layer_distance',
    ...(answer ? [ANSWER_COLUMNS[answer], 'flips'] : []),
    ...hiding.flatMap((how) => [
      `${how}_last_layer_distance`,
      ...(answer ? [`${how}_${ANSWER_COLUMNS[answer]}`] : []),
    ]),
  ]
  return formatCsv(
    columns,
    rows.map(({ position, token, nearest, shift, lastLayerDistance, answer: found, occlusion }) => ({
      position,
      token_id: token.id,
      token: token.token,
      nearest_id: nearest.id,
      nearest: nearest.token,
      cosine: nearest.cosine,
      shift_l1: shift.l1,
      shift_l2: shift.l2,
      shift_linf: shift.linf,
      last_layer_distance: lastLayerDistance,
      ...(answer && { [ANSWER_COLUMNS[answer]]: found?.change ?? null, flips: found?.flips ?? null }),
      ...Object.fromEntries(
        hiding.flatMap((how) => [
          [`${how}_last_layer_distance`, occlusion?.[how]?.lastLayerDistance ?? null],
          ...(answer ? [[`${how}_${ANSWER_COLUMNS[answer]}`, occlusion?.[how]?.answer?.change ?? null]] : []),
        ]),
      ),
    })),
  )
}

/** Writes a review as JSON. */
export function formatReviewJson({
  model: { id, family, layers, provenance },
  text,
  filters,
  answer,
  rows,
}: {
  readonly model: ModelInfo
  readonly text: string
  readonly filters: NeighborFilters
  readonly answer: AnswerKind | null
  readonly rows: readonly ReviewExportRow[]
}): string {
  const data: ReviewExport = {
    format: 'ripplescope-review',
    version: 1,
    model: { id, family, layers, sha256: provenance.sha256 },
    provenance,
    text,
    filters,
    answer,
    tokens: rows,
  }
  return `${JSON.stringify(data, null, 2)}\n`
}

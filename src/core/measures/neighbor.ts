import type { Shift } from './shift'

/** Describes a token that could replace another, and how far the embedding would move. */
export interface Neighbor {
  readonly tokenId: number
  /** Vocabulary entry. */
  readonly token: string
  /** cos(W_t, W_v) in the model's word table (eq. 1). */
  readonly cosine: number
  /** Norms of h_0(x) - h_0(x'), after position, type and LayerNorm. */
  readonly shift: Shift
  /** Norms of W_t - W_v, the rows of the word table themselves. */
  readonly rawShift: Shift
}

/** Says which tokens may not be substitutes. The paper excludes only the token itself: all off by default. */
export interface NeighborFilters {
  readonly special: boolean
  readonly unused: boolean
  /** Pieces of the other kind: `##` for a word, words for a `##` piece. */
  readonly otherKind: boolean
  /** Tokens of the same word in another case or inflection. */
  readonly variants: boolean
}

export const NO_FILTERS: NeighborFilters = {
  special: false,
  unused: false,
  otherKind: false,
  variants: false,
}

const FILTERS = Object.keys(NO_FILTERS) as (keyof NeighborFilters)[]

export function sameFilters(a: NeighborFilters, b: NeighborFilters): boolean {
  return FILTERS.every((key) => a[key] === b[key])
}

import type { NeighborFilters } from '../measures/neighbor'
import type { Norm } from '../measures/norm'

/**
 * Names what can be done to a token (measures.md, experiments 3 and 5). The order is the code in records: append only.
 * `neighbor` takes the k-th nearest; `random` any token that is not special; `delete` shortens the sequence; `swap`
 * exchanges the token with the next one.
 */
export const PERTURBATIONS = ['nearest', 'neighbor', 'random', 'mask', 'delete', 'swap'] as const
export type Perturbation = (typeof PERTURBATIONS)[number]

export const PERTURBATION_NAMES: Readonly<Record<Perturbation, string>> = {
  nearest: 'nearest neighbour',
  neighbor: 'k-th neighbour',
  random: 'random token',
  mask: 'mask',
  delete: 'delete',
  swap: 'swap with the next',
}

/** Names the kinds of position for a perturbation. The order is the code in records: append only. */
export const PLACES = ['least-impactful', 'random'] as const
export type Place = (typeof PLACES)[number]

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  'least-impactful': 'least impactful',
  random: 'random',
}

/**
 * Names which share of a change's effect is measured by layer (activation patching): of none; what the original's states
 * undo in the changed text's run; what the changed states make in the original's. The order is the code in links: append
 * only.
 */
export const CAUSAL_READINGS = ['none', 'restored', 'transferred'] as const
export type CausalReading = (typeof CAUSAL_READINGS)[number]

/** Largest sample that a run may ask for. */
export const MAX_SAMPLE = 1_000_000

/** Holds everything that determines a run's numbers besides the model and the corpus. */
export interface RunSettings {
  /** Seed of the sample, the random positions and the random tokens: 0..2^32 - 1. */
  readonly seed: number
  /** Sequences drawn from the corpus; all of them where it has fewer. */
  readonly sampleSize: number
  /** Norm that ranks the least impactful tokens. */
  readonly norm: Norm
  readonly filters: NeighborFilters
  /** True if `<br />` becomes a line break before the text is tokenized. */
  readonly cleanHtml: boolean
  /** Positions with the smallest shift whose nearest substitution is measured (fig. 3): 0..20, the paper's 5. */
  readonly leastImpactful: number
  /** Further random positions in each sequence, for `perturbations`: 0..20. */
  readonly randomPositions: number
  /** Perturbations made at the random positions. */
  readonly perturbations: readonly Perturbation[]
  /** k of the perturbation `neighbor`: 2..50. */
  readonly neighborRank: number
  /** Random pairs of positions in each sequence, measured with either substituted and with both: 0..10. */
  readonly pairs: number
  /** Pairs among the least impactful positions, of the smallest ranks first: 1 and 2, 1 and 3, 2 and 3, ...: 0..10. */
  readonly leastImpactfulPairs: number
  /**
   * Positions of each sequence whose hidden states are read at every layer for identifiability; `all`, or 0 for none.
   */
  readonly readings: number | 'all'
  /**
   * Texts of the sample from whose readings a linear map a layer is learned, and the other texts are then read with it:
   * 0..2000, at most four fifths of the sample; 0 for none.
   */
  readonly learnedTexts: number
  /** Share of each perturbation's effect that the parts of a layer carry; `none` costs nothing, the others many forwards. */
  readonly causal: CausalReading
}

/** Settings that decide which columns records have. */
export type ColumnSettings = Pick<RunSettings, 'learnedTexts' | 'causal'>

/** Largest number of texts that maps are learned from. */
export const MAX_LEARNED_TEXTS = 2000

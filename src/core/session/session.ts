import type { SessionRun } from '../corpus/sessionRun'
import { type NeighborFilters, NO_FILTERS } from '../measures/neighbor'
import type { Norm } from '../measures/norm'
import type { Substitution } from '../measures/substitution'

/** Holds a comparison that the user saved. It carries its own text, so that a new review does not lose it. */
export interface Pin {
  readonly text: string
  readonly substitutions: readonly Substitution[]
  /** Number of its identity colour, 0..7; saved, so that the colour never changes. */
  readonly color: number
}

/** Number of identity colours. */
export const PIN_COLORS = 8

export const MAX_PINS = 32

/** Largest number of substitutions at once, the chosen one included. */
export const MAX_SUBSTITUTIONS = 64

/** Names the views. The order is the code in links: append only. */
export const VIEWS = ['explore', 'corpus', 'models'] as const
export type View = (typeof VIEWS)[number]

/**
 * Names the quantities by which a review can be tinted, for each token's nearest substitute: how far the embedding moves,
 * how far the last layer moves, how far the model's answer moves. The order is the code in links: append only.
 */
export const TINTS = ['shift', 'distance', 'answer'] as const
export type Tint = (typeof TINTS)[number]

/**
 * Names what the ripple shows: the distance of each state; the share of the effect that the original's state restores in
 * the changed run; the share that the changed state brings into the original run. The order is the code in links: append
 * only.
 */
export const RIPPLE_READINGS = ['distance', 'restored', 'transferred'] as const
export type RippleReading = (typeof RIPPLE_READINGS)[number]

/**
 * Names what the curve over the layers shows: a quantity of the distance, the head's answer to each layer, or the share
 * of the effect that a part of each layer carries. The order is the code in links: append only.
 */
export const CURVES = ['distance', 'relative', 'own', 'cosine', 'answer', 'carried'] as const
export type Curve = (typeof CURVES)[number]

/** Names the columns by which a table is sorted. The order is the code in links: append only. */
export const ORDER_COLUMNS = {
  substitutes: ['token', 'cosine', 'shift', 'distance', 'effect'],
  tokens: ['token', 'nearest', 'cosine', 'shift', 'distance', 'answer', 'flips', 'position'],
} as const
export type OrderedTable = keyof typeof ORDER_COLUMNS

export const ORDER_DIRECTIONS = ['ascending', 'descending'] as const

/** Holds the column that orders a table; null: the table's own order. */
export type TableOrder<Table extends OrderedTable = OrderedTable> = {
  readonly column: (typeof ORDER_COLUMNS)[Table][number]
  readonly direction: (typeof ORDER_DIRECTIONS)[number]
} | null

/** Holds a user's own names for the labels of a model, whose own may say nothing: `LABEL_0`. */
export interface LabelNames {
  /** Id of the model. */
  readonly model: string
  /** Names by label; an empty one leaves the model's own. */
  readonly names: readonly string[]
}

/** Largest number of models whose labels have names, of labels of one, and of characters of a name. */
export const MAX_LABEL_NAMES = { models: 16, labels: 64, characters: 60 } as const

/** Names the second side of a comparison: another model, another text, or both. */
export interface Comparison {
  /** Model of the second side; null: the session's own. */
  readonly model: Session['model'] | null
  /** Text of the second side; null: the session's own. */
  readonly text: string | null
  /**
   * True if each side uses its own nearest neighbour as substitute; else both use the same token, if the second
   * vocabulary has it.
   */
  readonly ownNearest: boolean
}

/** Holds all inputs that a colleague needs to see the same, and no result. */
export interface Session {
  readonly text: string
  readonly model: { readonly id: string; readonly sha256: string }
  readonly view: View
  readonly norm: Norm
  /** Quantity that tints the review; one that the model does not give is drawn as `shift`. */
  readonly tint: Tint
  readonly ripple: RippleReading
  /** Quantity of the curve; null: the distance, or the relative distance where two models are compared. */
  readonly curve: Curve | null
  readonly orders: { readonly [Table in OrderedTable]: TableOrder<Table> }
  /** Names that the user gave to labels, by model: kept for the models that are not open, too. */
  readonly labelNames: readonly LabelNames[]
  readonly filters: NeighborFilters
  /** Substitutions held while another token is explored on top of them. */
  readonly held: readonly Substitution[]
  /** Position of the explored token; null: none. */
  readonly position: number | null
  /** Substitute of the explored token; null: the nearest neighbour. */
  readonly tokenId: number | null
  readonly pins: readonly Pin[]
  /** Last run over a corpus that was asked for; null: none. */
  readonly run: SessionRun | null
  /** Second side of the comparison; null: none. */
  readonly comparison: Comparison | null
}

/** Returns the length of all texts of a session, UTF-16 units: most of the size of a link or a file. */
export function charactersOf({ text, pins, comparison }: Session): number {
  return pins.reduce((sum, pin) => sum + pin.text.length, text.length + (comparison?.text?.length ?? 0))
}

export const EMPTY_SESSION: Session = {
  text: '',
  model: { id: '', sha256: '' },
  view: 'explore',
  norm: 'l2',
  tint: 'shift',
  ripple: 'distance',
  curve: null,
  orders: { substitutes: null, tokens: null },
  labelNames: [],
  filters: NO_FILTERS,
  held: [],
  position: null,
  tokenId: null,
  pins: [],
  run: null,
  comparison: null,
}

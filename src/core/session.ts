import { type NeighborFilters, NO_FILTERS } from './neighbor'
import type { Norm } from './norm'
import type { Substitution } from './substitution'

/** A comparison kept by the user. It carries its own text, so that a new review does not lose it. */
export interface Pin {
  readonly text: string
  readonly substitutions: readonly Substitution[]
  /** Which of the identity colours it wears, 0..7; kept, so that colour never changes under a reader. */
  readonly color: number
}

/** How many identity colours there are. */
export const PIN_COLORS = 8

export const MAX_PINS = 32

export type View = 'explore'

/** Everything that a colleague needs to see the same: the inputs of a session, no result. */
export interface Session {
  readonly text: string
  readonly model: { readonly id: string; readonly sha256: string }
  readonly view: View
  readonly norm: Norm
  readonly filters: NeighborFilters
  /** Substitutions held while another token is explored on top of them. */
  readonly held: readonly Substitution[]
  /** The token being explored; null: none chosen. */
  readonly position: number | null
  /** Its substitute; null: the nearest neighbour, whichever that is. */
  readonly tokenId: number | null
  readonly pins: readonly Pin[]
}

export const EMPTY_SESSION: Session = {
  text: '',
  model: { id: '', sha256: '' },
  view: 'explore',
  norm: 'l2',
  filters: NO_FILTERS,
  held: [],
  position: null,
  tokenId: null,
  pins: [],
}

import type { SessionRun } from './corpus/sessionRun'
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

/** Most substitutions at once, the chosen one included. */
export const MAX_SUBSTITUTIONS = 64

/** The order is the code in links: append only. */
export const VIEWS = ['explore', 'corpus', 'models'] as const
export type View = (typeof VIEWS)[number]

/** What stands beside the session's model and text: another model, another text, or both. */
export interface Beside {
  /** null: the session's own model. */
  readonly model: Session['model'] | null
  /** null: the session's own text. */
  readonly text: string | null
  /** Each side has its own nearest neighbour as substitute; else the same token where the other vocabulary has it. */
  readonly ownNearest: boolean
}

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
  /** The run over a corpus that was asked for last; null: none. */
  readonly run: SessionRun | null
  /** What it is compared with, side by side; null: nothing. */
  readonly beside: Beside | null
}

/** All texts of a session together, UTF-16 units: most of what a link or a file has to carry. */
export function charactersOf({ text, pins, beside }: Session): number {
  return pins.reduce((sum, pin) => sum + pin.text.length, text.length + (beside?.text?.length ?? 0))
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
  run: null,
  beside: null,
}

import type { Session } from '../core/session'
import type { Substitution } from '../core/substitution'
import type { PredictedToken, TokenLikelihood, TokenPrediction } from '../core/tokenPrediction'

// Types that the state is made of and that steps and selectors share: they stand below both, so that the state names
// none of what reads it.

/** Holds the steps of undo and redo. */
export interface History {
  readonly past: readonly Session[]
  readonly future: readonly Session[]
  /** The session before the typing that is under way; null: nobody types. */
  readonly typingFrom: Session | null
}

/** A session that waits for its own model: what it names is of another vocabulary than the open one's. */
export interface ModelOffer {
  readonly session: Session
  /** Its steps of undo, which come with it; none where absent. */
  readonly history?: History
}

/** What the browser keeps of the page, and whether a newer one is there. */
export interface OfflineState {
  /** Whether the page will open without a network; `unavailable`: this browser does not let it be kept. */
  readonly kept: 'not-yet' | 'kept' | 'unavailable'
  /** A new version: `offered` until the user says, then `postponed` for as long as this page is open, or `wanted`. */
  readonly update: 'none' | 'offered' | 'postponed' | 'wanted'
  /** Other tabs and frames with the present version, which has to stay for them; known once an update was wanted. */
  readonly otherPages: number
}

/** `end`: after the last token. `chosen`: after the chosen token (causal), or in its place (masked). */
export type PlaceKey = 'end' | 'chosen' | `mask-${number}`

/** A distribution and the change that it is of. */
export interface ShownPrediction {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  readonly prediction: TokenPrediction
}

/** The second side's distribution, and what the first says of the tokens that only the second lists. */
export interface ShownBesidePrediction extends ShownPrediction {
  /** null: the first side has no language model's head. */
  readonly first: { readonly prediction: TokenPrediction; readonly also: readonly PredictedToken[] } | null
}

/** The text's own tokens, as far as they are measured: ln p of each, before and after a change. */
export interface TextLikelihoods {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  /** By position, ascending; the same positions in both where all is done. */
  readonly before: readonly TokenLikelihood[]
  readonly after: readonly TokenLikelihood[]
  /** Tokens of both texts. */
  readonly done: number
  readonly total: number
}

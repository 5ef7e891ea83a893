import type { ClosestTokens } from '../core/explorer'
import type { Measurement } from '../core/measurement'
import type { Neighbor, NeighborFilters } from '../core/neighbor'
import type { Session } from '../core/session'
import { type Substitution, substitutionsKey } from '../core/substitution'
import { inputIdsOf, type TokenizedText } from '../core/token'
import type { TokenLikelihood, TokenPrediction } from '../core/tokenPrediction'

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

/** Holds what a result was computed for: a text as the model reads it, and what is substituted in it. */
export interface Change {
  readonly tokenized: TokenizedText
  readonly substitutions: readonly Substitution[]
}

/** Holds the forward of a change. */
export interface MeasuredChange {
  readonly tokenized: TokenizedText
  /** Names the substitutions itself. */
  readonly measurement: Measurement
}

/** Holds the nearest substitutes of every token of a text. */
export interface TextSubstitutes {
  readonly tokenized: TokenizedText
  readonly filters: NeighborFilters
  /** Nearest first; empty where the token may not be substituted. */
  readonly byPosition: readonly (readonly Neighbor[])[]
}

export interface ListedSubstitute extends Neighbor {
  /** The user typed it, and it is not among the nearest. */
  readonly typed: boolean
}

/** Holds the substitutes listed for one token. */
export interface TokenSubstitutes {
  readonly tokenized: TokenizedText
  readonly position: number
  readonly filters: NeighborFilters
  /** Nearest first, typed ones behind them. */
  readonly rows: readonly ListedSubstitute[]
}

/** Holds the measurements of the substitutes listed for one token. */
export interface SubstituteMeasurements {
  readonly tokenized: TokenizedText
  readonly position: number
  /** What else was substituted. */
  readonly held: readonly Substitution[]
  readonly byToken: ReadonlyMap<number, Measurement>
}

/** Holds closest tokens of the same hidden states, before a change and after. */
export interface ReadStates {
  readonly original: readonly ClosestTokens[]
  readonly perturbed: readonly ClosestTokens[]
}

/** Holds closest tokens at one position, layers 0..L. */
export interface PositionReading extends Change, ReadStates {
  readonly position: number
}

/** Holds the last layer read as a sequence, one closest token a position. */
export interface LayerReading extends Change, ReadStates {}

/** Holds closest tokens of whole columns of the ripple map, by position. */
export interface ColumnReadings extends Change {
  readonly byPosition: ReadonlyMap<number, ReadStates>
}

/** Holds a language model's distribution. */
export interface PredictedChange extends Change {
  readonly prediction: TokenPrediction
}

/** The text's own tokens, as far as they are measured: ln p of each, before and after a change. */
export interface TextLikelihoods extends Change {
  /** By position, ascending; the same positions in both where all is done. */
  readonly before: readonly TokenLikelihood[]
  readonly after: readonly TokenLikelihood[]
  /** Tokens of both texts. */
  readonly done: number
  readonly total: number
}

const idsByText = new WeakMap<TokenizedText, readonly number[]>()

/** Returns the same array for the same tokens: caches name sequences by it. */
export function idsOf(tokenized: TokenizedText): readonly number[] {
  const ids = idsByText.get(tokenized) ?? inputIdsOf(tokenized)
  idsByText.set(tokenized, ids)
  return ids
}

/** Tells whether a model reads two texts as the same sequence. */
export function sameSequence(a: TokenizedText | null, b: TokenizedText | null): boolean {
  if (a === b) return true
  if (!a || !b || a.tokens.length !== b.tokens.length) return false
  const ids = idsOf(b)
  return idsOf(a).every((id, position) => id === ids[position])
}

/** Tells whether a result was computed for exactly this text and these substitutions, in any order. */
export function isOfChange(
  result: Change,
  tokenized: TokenizedText | null,
  substitutions: readonly Substitution[] | null,
): boolean {
  return (
    substitutions !== null &&
    substitutionsKey(result.substitutions) === substitutionsKey(substitutions) &&
    sameSequence(result.tokenized, tokenized)
  )
}

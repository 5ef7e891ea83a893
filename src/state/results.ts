import type { ClosestTokens } from '../core/explorer'
import type { Failure } from '../core/failure'
import type { ChangeEffect } from '../core/measures/changeEffect'
import type { FlipProgress, FlipSearchResult, FlipSearchSettings } from '../core/measures/flipSearch'
import type { LayerAnswers } from '../core/measures/layerAnswers'
import type { Measurement } from '../core/measures/measurement'
import type { Neighbor, NeighborFilters } from '../core/measures/neighbor'
import type { PatchDirection, PatchedRun, PatchedRuns } from '../core/measures/patching'
import { type Substitution, substitutionsKey } from '../core/measures/substitution'
import type { TokenLikelihood, TokenPrediction } from '../core/measures/tokenPrediction'
import type { Session } from '../core/session/session'
import { inputIdsOf, type TokenizedText } from '../core/text/token'
import type { TaskState } from './task'

// Types of the state that steps and selectors share, in a module below both, so that the state imports none of its
// readers.

/** Holds the steps of undo and redo. */
export interface History {
  readonly past: readonly Session[]
  readonly future: readonly Session[]
  /** Session before the typing under way; null if nobody is typing. */
  readonly typingFrom: Session | null
}

/** Holds a session that waits for its own model: its token ids belong to another vocabulary than the open model's. */
export interface ModelOffer {
  readonly session: Session
  /** Steps of undo that come with it; absent if there are none. */
  readonly history?: History
}

/** Holds a passing message: what happened, what was saved, what to do. */
export interface Notice {
  readonly id: number
  readonly tone: 'info' | 'problem'
  readonly failure?: Failure
  readonly text: string
}

/** Says whether the browser saved the page, and whether a newer version is there. */
export interface OfflineState {
  /** Says whether the page will open without a network; `unavailable`: this browser does not save it. */
  readonly kept: 'not-yet' | 'kept' | 'unavailable'
  /**
   * State of a new version: `offered` until the user decides, then `postponed` while this page is open, or `wanted`.
   */
  readonly update: 'none' | 'offered' | 'postponed' | 'wanted'
  /** Number of other tabs and frames that still need the present version; known once an update was wanted. */
  readonly otherPages: number
}

/** Names a place. `end`: after the last token. `chosen`: after the chosen token (causal), or in its place (masked). */
export type PlaceKey = 'end' | 'chosen' | `mask-${number}`

/** Holds what a result was computed for: a text as the model reads it, and its substitutions. */
export interface Change {
  readonly tokenized: TokenizedText
  readonly substitutions: readonly Substitution[]
}

/** Holds the forward of a change. */
export interface MeasuredChange {
  readonly tokenized: TokenizedText
  /** Measurement, which includes its substitutions. */
  readonly measurement: Measurement
}

/** Holds the nearest substitutes of every token of a text. */
export interface TextSubstitutes {
  readonly tokenized: TokenizedText
  readonly filters: NeighborFilters
  /** Substitutes by position, nearest first; empty if the token may not be substituted. */
  readonly byPosition: readonly (readonly Neighbor[])[]
}

export interface ListedSubstitute extends Neighbor {
  /** True if the user typed it and it is not among the nearest. */
  readonly typed: boolean
}

/** Holds the substitutes listed for one token. */
export interface TokenSubstitutes {
  readonly tokenized: TokenizedText
  readonly position: number
  readonly filters: NeighborFilters
  /** Substitutes, nearest first, typed ones last. */
  readonly rows: readonly ListedSubstitute[]
}

/** Holds the measurements of the substitutes listed for one token. */
export interface SubstituteMeasurements {
  readonly tokenized: TokenizedText
  readonly position: number
  /** Other substitutions in the same forward. */
  readonly held: readonly Substitution[]
  readonly byToken: ReadonlyMap<number, Measurement>
}

/** Holds what the nearest substitute of one token does, alone in its text. */
export interface TokenEffect extends ChangeEffect {
  readonly tokenId: number
}

/** Holds what the nearest substitute of each token does, as far as it is measured. */
export interface TokenEffects {
  readonly tokenized: TokenizedText
  /** Mask at which a masked language model answers; null for other models, and texts without a mask. */
  readonly place: number | null
  readonly byPosition: ReadonlyMap<number, TokenEffect>
}

/** Holds what hiding each token of a text does, as far as it is measured. */
export interface Occlusion {
  readonly tokenized: TokenizedText
  /** Mask at which a masked language model answers; null for other models, and texts without a mask. */
  readonly place: number | null
  /** False if the vocabulary has no mask token: then nothing is masked. */
  readonly hasMask: boolean
  /** Effects of the mask token in a token's place, by position. */
  readonly masked: ReadonlyMap<number, ChangeEffect>
  /**
   * Effects of the text without a token, by position: the tokens that remain are compared, each with itself in the
   * original.
   */
  readonly deleted: ReadonlyMap<number, ChangeEffect>
  readonly task: TaskState<OcclusionProgress>
}

/** Counts forwards. */
export interface OcclusionProgress {
  readonly done: number
  readonly total: number
}

/** Holds the bounds of a search for a flip. */
export interface FlipSettings extends FlipSearchSettings {
  /** Number of nearest neighbours of each token that may take its place. */
  readonly neighbors: number
}

/** Holds a search for the fewest substitutions that flip the answer to one text. */
export interface FlipSearch {
  readonly tokenized: TokenizedText
  readonly filters: NeighborFilters
  /** Place at which a language model answers; null for classifiers. */
  readonly place: number | null
  readonly settings: FlipSettings
  readonly task: TaskState<FlipProgress>
  /** Last progress, also after it was stopped; null before any. */
  readonly last: FlipProgress | null
  /** Time since it began or went on, s. */
  readonly seconds: number
  /** Result; null until the search ends by itself. */
  readonly result: FlipSearchResult | null
}

/** Holds the closest tokens of the same hidden states, before a change and after. */
export interface ReadStates {
  readonly original: readonly ClosestTokens[]
  readonly perturbed: readonly ClosestTokens[]
}

/** Holds the closest tokens at one position, layers 0..L. */
export interface PositionReading extends Change, ReadStates {
  readonly position: number
}

/** Holds the last layer read as a sequence, one closest token a position. */
export interface LayerReading extends Change, ReadStates {}

/** Holds the closest tokens of whole columns of the ripple map, by position. */
export interface ColumnReadings extends Change {
  readonly byPosition: ReadonlyMap<number, ReadStates>
}

/** Holds a language model's distribution. */
export interface PredictedChange extends Change {
  readonly prediction: TokenPrediction
}

/** Holds what the head answers to every layer. */
export interface LayerAnswersChange extends Change {
  /** Place of a language model's prediction; null for a classifier. */
  readonly place: number | null
  readonly answers: LayerAnswers
}

/** Holds the runs of a change with states of the other text in their place, as far as they are known. */
export interface PatchedChange extends Change {
  readonly direction: PatchDirection
  /** Place of a language model's prediction; null without one. */
  readonly place: number | null
  /** Unit of the effect, and its size; null before the first run. */
  readonly outcome: Omit<PatchedRuns, 'runs'> | null
  /** Runs by the names of their patches (core/measures/patchSweep). */
  readonly runs: ReadonlyMap<string, PatchedRun>
  /** Patches of a sweep that are run, of all that it has. */
  readonly done: number
  readonly total: number
  /** Time that the rest of a sweep will take, ms; null while it is not known. */
  readonly msLeft: number | null
}

/** Holds ln p of the text's own tokens, before and after a change, as far as they are measured. */
export interface TextLikelihoods extends Change {
  /** Likelihoods by position, ascending; both lists have the same positions when all is done. */
  readonly before: readonly TokenLikelihood[]
  readonly after: readonly TokenLikelihood[]
  /** Number of tokens measured in both texts. */
  readonly done: number
  readonly total: number
}

const idsByText = new WeakMap<TokenizedText, readonly number[]>()

/** Returns the same array for the same tokens, because caches identify sequences by it. */
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

import { argmax, type PredictionKind } from './prediction'
import type { StatePatch } from './statePatch'
import type { Substitution } from './substitution'

/**
 * Says which states are put where. `restore`: those of the original text into the run of the changed one; `insert`:
 * those of the changed text into the run of the original.
 */
export type PatchDirection = 'restore' | 'insert'

export const PATCH_DIRECTIONS: readonly PatchDirection[] = ['restore', 'insert']

/**
 * Names the number in which an effect is measured: the logit difference between the label that stood first and its
 * strongest rival; the logit of that label alone, where labels have no rivals; ln p of the token that a language model
 * expected first; or D_L, where no head answers.
 */
export type Outcome = 'logit-difference' | 'logit' | 'log-probability' | 'distance'

export interface PatchRequest {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  readonly direction: PatchDirection
  /** Each is a run of its own. */
  readonly patches: readonly StatePatch[]
  /** Place of a language model's prediction, as in `TokenPredictionRequest`; null where it is not asked. */
  readonly place: number | null
}

/** Holds the answer to which a patched run leads. */
export interface PatchedRun {
  /** The outcome's value. */
  readonly value: number
  /** Logits by label; null without a classifier. */
  readonly logits: readonly number[] | null
  /** Most probable token; null without a language model's prediction. */
  readonly token: { readonly tokenId: number; readonly token: string; readonly probability: number } | null
}

/** Holds the outcome of the original, of the changed and of each patched run. */
export interface PatchedRuns {
  readonly outcome: Outcome
  readonly direction: PatchDirection
  readonly before: number
  readonly after: number
  /** Amount of |after - before| up to which rounding may have made it. */
  readonly rounding: number
  /** Outcome's token, where it is one's ln p. */
  readonly token: string | null
  /** Runs by patch, in the order of the request. */
  readonly runs: readonly PatchedRun[]
}

/** Relative error that two runtimes, or two shapes of one product, may differ by in fp32. */
export const RELATIVE_ROUNDING = 1e-4

/** Returns the amount within which two numbers computed from values up to this size are equal. */
export function roundingOf(values: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]))
  return RELATIVE_ROUNDING * largest
}

/**
 * Returns the labels that a classifier's outcome is about: the one that stood first, and its rival, null where labels have
 * none.
 *
 * The rival is the label with the highest logit of the others after the change, the same in every run: the one that the
 * answer turns to, or comes closest to (Wang et al. 2023 measure the logit difference so).
 */
export function outcomeLabels(
  before: readonly number[],
  after: readonly number[],
  kind: PredictionKind,
): { readonly first: number; readonly rival: number | null } {
  const first = argmax(before)
  const rivals = kind === 'softmax' && before.length > 1
  return { first, rival: rivals ? argmax(after.with(first, Number.NEGATIVE_INFINITY)) : null }
}

/** Returns the outcome that a classifier's logits give, as a function of logits. */
export function classifierOutcome(
  before: readonly number[],
  after: readonly number[],
  kind: PredictionKind,
): { readonly outcome: Outcome; outcomeOf(logits: ArrayLike<number>): number } {
  const { first, rival } = outcomeLabels(before, after, kind)
  if (rival === null) return { outcome: 'logit', outcomeOf: (logits) => logits[first] }
  return { outcome: 'logit-difference', outcomeOf: (logits) => logits[first] - logits[rival] }
}

/** Says whether an effect is no more than rounding, so that no share of it has a meaning. */
export const isWithinRounding = ({
  before,
  after,
  rounding,
}: Pick<PatchedRuns, 'before' | 'after' | 'rounding'>): boolean => !(Math.abs(after - before) > rounding)

/**
 * Returns the share of the effect E = after - before that a patched run undoes (`restore`: 1 - E(patched) / E) or makes
 * (`insert`: E(patched) / E), E(patched) being the patched run's value minus the original's (Vig et al. 2020; Meng et
 * al. 2022). 0: nothing; 1: all of it; below 0 the effect grows, or turns, above 1 it is overdone.
 *
 * @returns NaN where the effect is within rounding
 */
export function effectShare(runs: Omit<PatchedRuns, 'runs'>, value: number): number {
  if (isWithinRounding(runs)) return Number.NaN
  const { before, after, direction } = runs
  const left = (value - before) / (after - before)
  // Of nothing no -0.
  return direction === 'restore' ? 1 - left : left + 0
}

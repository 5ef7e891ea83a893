import {
  classifierOutcome,
  type PatchedRun,
  type PatchedRuns,
  type PatchRequest,
  roundingOf,
} from '../core/measures/patching'
import { rowsOf } from '../core/measures/patchSweep'
import type { PredictionKind } from '../core/measures/prediction'
import type { StatePatch } from '../core/measures/statePatch'
import { logProbabilities, topTokens } from '../core/measures/tokenDistribution'
import type { HiddenStates, PatchedEncoding } from './forward/encoder'
import type { ModelParts } from './modelParts'

/** Holds the forwards of both texts of a change, as the outcome needs them. */
export interface BothRuns {
  readonly inputIds: { readonly original: readonly number[]; readonly changed: readonly number[] }
  readonly states: { readonly original: HiddenStates; readonly changed: HiddenStates }
  readonly logits: { readonly before: readonly number[]; readonly after: readonly number[] } | null
  /** Scores of the vocabulary, [V], at the place where a language model is asked; null where none is. */
  readonly scores: { readonly before: Float32Array; readonly after: Float32Array } | null
}

interface PatchingModel {
  readonly parts: ModelParts
  /** Meaning of a classifier's logits. */
  readonly kind: PredictionKind
  readonly vocabulary: readonly string[]
}

/** Says how a run's answer is read. */
interface Reader extends Omit<PatchedRuns, 'direction' | 'runs'> {
  read(encoding: PatchedEncoding, row: number, rows: number): PatchedRun
}

const rowOf = (values: Float32Array, row: number, rows: number) => {
  const size = values.length / rows
  return values.subarray(row * size, (row + 1) * size)
}

function distanceBetween(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum)
}

function readerOf({ kind, vocabulary }: PatchingModel, { logits, scores, states }: BothRuns): Reader {
  if (logits) {
    const { before, after } = logits
    const { outcome, outcomeOf } = classifierOutcome(before, after, kind)
    return {
      outcome,
      before: outcomeOf(before),
      after: outcomeOf(after),
      rounding: roundingOf([...before, ...after]),
      token: null,
      read(encoding, row, rows) {
        const found = Array.from(rowOf(encoding.logits ?? new Float32Array(), row, rows))
        return { value: outcomeOf(found), logits: found, token: null }
      },
    }
  }
  if (scores) {
    const [before, after] = [scores.before, scores.after].map(logProbabilities)
    const [expected] = topTokens(before, 1)
    return {
      outcome: 'log-probability',
      before: before[expected],
      after: after[expected],
      rounding: Math.max(roundingOf(scores.before), roundingOf(scores.after)),
      token: vocabulary[expected] ?? '',
      read(encoding, row, rows) {
        const found = logProbabilities(rowOf(encoding.tokenLogits ?? new Float32Array(), row, rows))
        const [tokenId] = topTokens(found, 1)
        return {
          value: found[expected],
          logits: null,
          token: { tokenId, token: vocabulary[tokenId] ?? '', probability: Math.exp(found[tokenId]) },
        }
      },
    }
  }
  const last = states.original.length - 1
  const original = states.original[last]
  return {
    outcome: 'distance',
    before: 0,
    after: distanceBetween(states.changed[last], original),
    rounding: roundingOf([distanceBetween(original, new Float32Array(original.length))]),
    token: null,
    read: (encoding, row, rows) => ({
      value: distanceBetween(rowOf(encoding.lastStates ?? new Float32Array(), row, rows), original),
      logits: null,
      token: null,
    }),
  }
}

/**
 * Runs one text of a change with hidden states of the other (activation patching), once for each patch. Patches are run
 * together in the order given, so that those that begin at one layer share the layers below it.
 *
 * @throws FailureError `unsupported-model` where states cannot be put into the model
 */
export async function runPatches(
  model: PatchingModel,
  both: BothRuns,
  { direction, patches, place }: Pick<PatchRequest, 'direction' | 'patches' | 'place'>,
): Promise<PatchedRuns> {
  const { read, ...outcome } = readerOf(model, both)
  const { inputIds, states } = both
  const [ids, replacement] =
    direction === 'restore' ? [inputIds.changed, states.original] : [inputIds.original, states.changed]
  const together = rowsOf(ids.length)
  const positions = both.scores && place !== null ? [place] : []
  const runs: PatchedRun[] = []
  for (let start = 0; start < patches.length; start += together) {
    const some: readonly StatePatch[] = patches.slice(start, start + together)
    const encoding = await model.parts.encoder.encodePatched(ids, replacement, some, positions)
    for (const row of some.keys()) runs.push(read(encoding, row, some.length))
  }
  return { ...outcome, direction, runs }
}

import { type BeforeAndAfter, type PredictionKind, predictionChange } from './prediction'
import { type Substitution, substitutionsKey } from './substitution'
import type { TokenPrediction } from './tokenPrediction'

/** Says whether a change flips the answer, and how far it is from that. */
export interface FlipVerdict {
  readonly flips: boolean
  /** Lead of the original's answer over its strongest rival, in logits or nats: the smaller, the closer to a flip. */
  readonly lead: number
}

/** Bounds a search. */
export interface FlipSearchSettings {
  /** Largest number of substitutions at once, N. */
  readonly most: number
  /** Number of changes of each size from which the second, wider pass goes on; 1: there is none. */
  readonly beam: number
}

/** Says how far a search is. */
export interface FlipProgress {
  /** Number of substitutions of the changes that are measured now. */
  readonly size: number
  readonly pass: 'greedy' | 'beam'
  /** Number of these changes that are known, and their number. */
  readonly done: number
  readonly total: number
  /** Number of changes measured by this search, over all sizes. */
  readonly measured: number
  /** Change with the smallest lead so far. */
  readonly closest: MeasuredFlip | null
}

export interface MeasuredFlip {
  readonly changes: readonly Substitution[]
  readonly verdict: FlipVerdict
}

export interface FlipSearchResult {
  /** Smallest change found that flips the answer; null: none within the bounds. */
  readonly found: MeasuredFlip | null
  /** True if no smaller change of the candidates flips (or, where none is found, no change at all within the bounds). */
  readonly proven: boolean
  /** Change with the smallest lead of all that were measured; null if there was no candidate. */
  readonly closest: MeasuredFlip | null
  /** Number of changes that were measured. */
  readonly measured: number
}

export interface FlipSearchRequest extends FlipSearchSettings {
  /** Substitutions to combine, at most one a position, those to try first in front. */
  readonly candidates: readonly Substitution[]
  /** Measures changes of the original, in this order. */
  readonly measure: (changes: readonly (readonly Substitution[])[]) => Promise<readonly FlipVerdict[]>
  /** Number of changes in one call of `measure`. */
  readonly atOnce: number
  /**
   * Verdicts by `substitutionsKey`, to which the search adds its own: given to the next search, it goes on where this one
   * stopped.
   */
  readonly known: Map<string, FlipVerdict>
  readonly onProgress?: (progress: FlipProgress) => void
  /** Aborts the search before its next measurement: it rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const closer = (a: MeasuredFlip | null, b: MeasuredFlip) => (a && a.verdict.lead <= b.verdict.lead ? a : b)

/**
 * Searches for the fewest substitutions that flip an answer. First greedily: every candidate alone, then every one on top of
 * the closest, and so on. Then by beam search over the same candidates, for a smaller change than the greedy one. All
 * candidates are tried alone, so that a change of one or two substitutions is the smallest there is; of a larger one that
 * holds only where the beam left nothing out.
 */
export async function searchFlip(request: FlipSearchRequest): Promise<FlipSearchResult> {
  const { candidates, measure, atOnce, known, onProgress, signal, most, beam } = request
  let measured = 0
  let closest: MeasuredFlip | null = null

  function extensionsOf(states: readonly (readonly Substitution[])[]): Map<string, readonly Substitution[]> {
    const extensions = new Map<string, readonly Substitution[]>()
    for (const state of states) {
      for (const candidate of candidates) {
        if (state.some(({ position }) => position === candidate.position)) continue
        const changes = [...state, candidate]
        const key = substitutionsKey(changes)
        if (!extensions.has(key)) extensions.set(key, changes)
      }
    }
    return extensions
  }

  const verdictOf = ([key, changes]: readonly [string, readonly Substitution[]]): MeasuredFlip[] => {
    const verdict = known.get(key)
    return verdict ? [{ changes, verdict }] : []
  }

  /** Measures what is not known, until one flips. @returns the flip that is farthest over; null if none flips */
  async function measureAll(
    extensions: ReadonlyMap<string, readonly Substitution[]>,
    size: number,
    pass: FlipProgress['pass'],
  ): Promise<MeasuredFlip | null> {
    const entries = [...extensions]
    const best = (some: readonly MeasuredFlip[]) =>
      some.reduce<MeasuredFlip | null>((first, one) => {
        closest = closer(closest, one)
        return one.verdict.flips ? closer(first, one) : first
      }, null)
    const report = (done: number) =>
      onProgress?.({ size, pass, done, total: entries.length, measured, closest })
    const remembered = best(entries.flatMap(verdictOf))
    if (remembered) return remembered
    const missing = entries.filter(([key]) => !known.has(key))
    report(entries.length - missing.length)
    for (let start = 0; start < missing.length; start += atOnce) {
      signal?.throwIfAborted()
      const some = missing.slice(start, start + atOnce)
      const verdicts = await measure(some.map(([, changes]) => changes))
      signal?.throwIfAborted()
      for (const [i, [key]] of some.entries()) known.set(key, verdicts[i])
      measured += some.length
      const flipped = best(some.flatMap(verdictOf))
      report(entries.length - missing.length + start + some.length)
      if (flipped) return flipped
    }
    return null
  }

  async function descend(width: number, deepest: number, pass: FlipProgress['pass']) {
    let states: readonly (readonly Substitution[])[] = [[]]
    let whole = true
    for (let size = 1; size <= deepest; size++) {
      const extensions = extensionsOf(states)
      const found = await measureAll(extensions, size, pass)
      if (found) return { found, whole }
      const ranked = [...extensions].flatMap(verdictOf).sort((a, b) => a.verdict.lead - b.verdict.lead)
      // What is left out at the last size is never built upon.
      if (ranked.length > width && size < deepest) whole = false
      states = ranked.slice(0, width).map(({ changes }) => changes)
    }
    return { found: null, whole }
  }

  const greedy = await descend(1, most, 'greedy')
  const smaller = greedy.found ? greedy.found.changes.length - 1 : most
  const wide = beam > 1 && smaller > 1 ? await descend(beam, smaller, 'beam') : null
  const found = wide?.found ?? greedy.found
  // All single candidates are known not to flip once a second size was looked at.
  const proven = found ? found.changes.length <= 2 || (wide?.whole ?? greedy.whole) : (wide ?? greedy).whole
  return { found, proven, closest: found ?? closest, measured }
}

/**
 * Returns the largest number of changes that a search may measure.
 *
 * @param perPosition number of candidates of each position
 */
export function mostMeasured(perPosition: readonly number[], { most, beam }: FlipSearchSettings): number {
  const all = perPosition.reduce((sum, count) => sum + count, 0)
  const fewest = [...perPosition].filter((count) => count > 0).sort((a, b) => a - b)
  let total = all
  let used = 0
  for (let size = 2; size <= Math.min(most, fewest.length); size++) {
    used += fewest[size - 2]
    // The second pass begins with the first one's states, so the changes of two share those of the closest single one.
    const states = beam === 1 ? 1 : size === 2 ? beam : beam + 1
    total += states * (all - used)
  }
  return total
}

/**
 * Returns the verdict on a classifier's answer: another label comes first or, with independent labels, the first passes one
 * half. Scores never flip.
 */
export function labelVerdict(logits: BeforeAndAfter, kind: PredictionKind): FlipVerdict {
  const { label, flips } = predictionChange([], logits, kind)
  const own = logits.after[label.before]
  const rival = logits.after.reduce(
    (largest, logit, i) => (i === label.before ? largest : Math.max(largest, logit)),
    Number.NEGATIVE_INFINITY,
  )
  const lead = own - rival
  if (kind !== 'sigmoid') return { flips, lead }
  const within = logits.before[label.before] >= 0 ? own : -own
  return { flips, lead: Math.min(lead, within) }
}

/** Returns the verdict on a language model's answer: another token comes first. @param prediction with two tokens or more */
export function tokenVerdict({ before, after, flips }: TokenPrediction): FlipVerdict {
  const [first] = before
  const rival = after.find(({ tokenId }) => tokenId !== first.tokenId)
  const lead = Math.log(first.after.probability) - Math.log(rival?.after.probability ?? 0)
  return { flips, lead }
}

import type { RunHeader } from '../../core/corpus/run'
import { LOSS_SHARES, PLACES, type RunSettings } from '../../core/corpus/runSettings'
import type { SessionRun } from '../../core/corpus/sessionRun'

/** Says whether two settings give the same numbers; the order of perturbations does not matter. */
export function sameSettings(a: RunSettings, b: RunSettings): boolean {
  const keyOf = ({ perturbations, filters, ...rest }: RunSettings) =>
    JSON.stringify([
      Object.entries(rest).sort(([x], [y]) => (x < y ? -1 : 1)),
      Object.entries(filters).sort(([x], [y]) => (x < y ? -1 : 1)),
      [...perturbations].sort(),
    ])
  return a === b || keyOf(a) === keyOf(b)
}

/**
 * Returns the largest number of forwards of one sequence: the original, one a least impactful position, one a
 * perturbation of a random position, three a random pair (the one, the other, both) and one a pair of least impactful
 * positions, which are substituted alone anyway, one a share and place of a labelled text. Readings need no forward of their own.
 */
export function forwardsPerSequence(settings: RunSettings): number {
  const { leastImpactful, randomPositions, perturbations, pairs, leastImpactfulPairs, task } = settings
  const ranked = Math.min(leastImpactfulPairs, (leastImpactful * (leastImpactful - 1)) / 2)
  const losses = task ? LOSS_SHARES.length * PLACES.length : 0
  return 1 + leastImpactful + randomPositions * perturbations.length + 3 * pairs + ranked + losses
}

/**
 * Returns the largest number of forwards of a run.
 *
 * @param rows of the corpus, if known: a small one holds fewer sequences than requested
 */
export function forwardsOf(settings: RunSettings, rows: number | null): number {
  return Math.min(settings.sampleSize, rows ?? settings.sampleSize) * forwardsPerSequence(settings)
}

/** Says whether this is the run that a session names, as far as both name the source of their texts. */
export function isRunOf({ settings, origin }: RunHeader, named: SessionRun | null): boolean {
  if (!named || !sameSettings(settings, named.settings)) return false
  const { source } = named
  if (source === null) return true
  if (source.kind === 'hub') return origin.kind === 'hub' && origin.name.startsWith(source.dataset)
  if (source.kind === 'file') {
    return origin.kind === 'file' && origin.name === source.name && origin.column === source.column
  }
  return origin.kind === source.kind
}

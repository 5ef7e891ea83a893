import type { RunHeader } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
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

/** Layers of a model that is not open yet: those of BERT-base. */
const USUAL_LAYERS = 12

/**
 * Forwards that the four patched runs of a layer take, on average over the layers: those of layer l take l / L + 4 (1 - l / L),
 * since what is below is computed once.
 */
const PATCHED_PER_STATE = 2.5

/**
 * Returns the largest number of forwards of one sequence: the original, one a least impactful position, one a
 * perturbation of a random position, three a random pair (the one, the other, both) and one a pair of least impactful
 * positions, which are substituted alone anyway. Readings need no forward of their own. Shares of effects take, for each
 * change, both runs again and four patched ones a layer, which share what is below that layer.
 *
 * @param layers L of the model, where it is known
 */
export function forwardsPerSequence(settings: RunSettings, layers = USUAL_LAYERS): number {
  const { leastImpactful, randomPositions, perturbations, pairs, leastImpactfulPairs } = settings
  const ranked = Math.min(leastImpactfulPairs, (leastImpactful * (leastImpactful - 1)) / 2)
  const changes = leastImpactful + randomPositions * perturbations.length
  const patched = leastImpactful + randomPositions * perturbations.filter((kind) => kind !== 'delete').length
  const carried = settings.causal === 'none' ? 0 : patched * (2 + Math.ceil(PATCHED_PER_STATE * (layers + 1)))
  return 1 + changes + 3 * pairs + ranked + carried
}

/**
 * Returns the largest number of forwards of a run.
 *
 * @param rows of the corpus, if known: a small one holds fewer sequences than requested
 */
export function forwardsOf(settings: RunSettings, rows: number | null, layers?: number): number {
  return Math.min(settings.sampleSize, rows ?? settings.sampleSize) * forwardsPerSequence(settings, layers)
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

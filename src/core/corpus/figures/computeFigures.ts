import type { Norm } from '../../measures/norm'
import { RESAMPLES } from '../../statistics/bootstrap'
import type { RecordTables } from '../records/records'
import type { CorpusRun } from '../run'
import { causalFigure } from './causalFigure'
import { commonnessFigure } from './commonnessFigure'
import { effectFigure } from './effectFigure'
import type { Figures, ProxiesFigure } from './figures'
import { frequencyFigure } from './frequencyFigure'
import { identifiabilityFigure } from './identifiabilityFigure'
import { learnedFigure } from './learnedFigure'
import { pairsFigure } from './pairsFigure'
import { perturbationsFigure } from './perturbationsFigure'
import { propagationFigure } from './propagationFigure'
import { proxiesFigure } from './proxiesFigure'

export interface FigureOptions {
  readonly norm: Norm
  /**
   * Figures that came with the run, for that norm. They are used where the records do not allow a figure to be computed
   * again (the shipped run's occurrences do not name their sequence).
   */
  readonly shipped?: Figures | null
  /** Resamples behind the intervals of a bootstrap; 0: none, as while a run goes on. */
  readonly resamples?: number
}

/** The one figure that takes seconds, by the records that it is of: another norm asks for the same. */
const proxies = new WeakMap<RecordTables, ProxiesFigure | null>()

function proxiesOf(tables: RecordTables, draws: { readonly seed: number; readonly resamples: number }) {
  if (draws.resamples !== RESAMPLES) return proxiesFigure(tables, draws)
  const known = proxies.get(tables)
  if (known !== undefined) return known
  const figure = proxiesFigure(tables, draws)
  proxies.set(tables, figure)
  return figure
}

/**
 * Computes every figure of a run from its records so far, in float64. `norm` is that of shifts in commonness, effect
 * and perturbations; distances D_l are always l2, and the frequency figure has all three norms.
 */
export function computeFigures(
  { header, counts, tables }: Pick<CorpusRun, 'header' | 'counts' | 'tables'>,
  { norm, shipped = null, resamples = RESAMPLES }: FigureOptions,
): Figures {
  const { seed, leastImpactful } = header.settings
  return {
    frequency: frequencyFigure(tables, counts, leastImpactful) ?? shipped?.frequency ?? null,
    commonness: commonnessFigure(tables, counts, norm, seed) ?? shipped?.commonness ?? null,
    propagation: propagationFigure(tables) ?? shipped?.propagation ?? null,
    identifiability: identifiabilityFigure(tables) ?? shipped?.identifiability ?? null,
    effect: effectFigure(tables, norm, header.prediction) ?? shipped?.effect ?? null,
    pairs: pairsFigure(tables) ?? shipped?.pairs ?? null,
    perturbations: perturbationsFigure(tables, norm, header.prediction) ?? shipped?.perturbations ?? null,
    learned: learnedFigure(tables) ?? shipped?.learned ?? null,
    causal: shipped?.causal ?? causalFigure(tables, { seed, resamples }),
    // Where it came with the run it is not computed again.
    proxies: shipped?.proxies ?? proxiesOf(tables, { seed, resamples }),
  }
}

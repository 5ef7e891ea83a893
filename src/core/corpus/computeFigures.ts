import type { Norm } from '../norm'
import { commonnessFigure } from './commonnessFigure'
import { effectFigure } from './effectFigure'
import type { Figures } from './figures'
import { frequencyFigure } from './frequencyFigure'
import { identifiabilityFigure } from './identifiabilityFigure'
import { pairsFigure } from './pairsFigure'
import { perturbationsFigure } from './perturbationsFigure'
import { propagationFigure } from './propagationFigure'
import type { CorpusRun } from './run'

export interface FigureOptions {
  readonly norm: Norm
  /**
   * Figures that came with the run, for that norm. They are used where the records do not allow a figure to be computed
   * again (the shipped run's occurrences do not name their sequence).
   */
  readonly shipped?: Figures | null
}

/**
 * Computes every figure of a run from its records so far, in float64. `norm` is that of shifts in commonness, effect
 * and perturbations; distances D_l are always l2, and the frequency figure has all three norms.
 */
export function computeFigures(
  { header, counts, tables }: Pick<CorpusRun, 'header' | 'counts' | 'tables'>,
  { norm, shipped = null }: FigureOptions,
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
  }
}

import { columnOf, rowsWhere } from '../records/recordColumns'
import type { RecordTables } from '../records/records'
import { PERTURBATIONS, PLACES } from '../runSettings'
import type { PropagationFigure } from './figures'
import { distanceStatistics } from './layerStatistics'

/**
 * Computes experiment 3 (fig. 3): D_l of the nearest substitution at the least impactful positions, by their rank, with
 * 95 % t intervals, and over all ranks together.
 *
 * @returns null without such records
 */
export function propagationFigure({ perturbations }: RecordTables): PropagationFigure | null {
  const perturbation = columnOf(perturbations, 'perturbation')
  const place = columnOf(perturbations, 'place')
  const rank = columnOf(perturbations, 'rank')
  const nearest = PERTURBATIONS.indexOf('nearest')
  const leastImpactful = PLACES.indexOf('least-impactful')
  const all = rowsWhere(
    perturbations,
    (row) => perturbation[row] === nearest && place[row] === leastImpactful && rank[row] > 0,
  )
  if (all.length === 0) return null
  const ranks = [...new Set(Array.from(all, (row) => rank[row]))].sort((a, b) => a - b)
  return {
    ranks: ranks.map((of) => ({
      rank: of,
      layers: distanceStatistics(
        perturbations,
        all.filter((row) => rank[row] === of),
      ),
    })),
    all: distanceStatistics(perturbations, all),
  }
}

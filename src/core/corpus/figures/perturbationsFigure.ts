import type { Norm } from '../../measures/norm'
import type { PredictionKind } from '../../measures/prediction'
import { meanOf } from '../../statistics/mean'
import { predictionColumns } from '../records/predictionColumns'
import { columnOf, finiteAt, rowsWhere, shiftColumn } from '../records/recordColumns'
import type { RecordTables } from '../records/records'
import { PERTURBATIONS, PLACES } from '../runSettings'
import type { PerturbationsFigure } from './figures'
import { distanceStatistics } from './layerStatistics'

/**
 * Computes experiment 5: every perturbation that was made at the random positions, in the order of their codes. Flips
 * and change are NaN for models without a head, flips also for those that give scores.
 *
 * @returns null without such records
 */
export function perturbationsFigure(
  { perturbations }: RecordTables,
  norm: Norm,
  prediction?: PredictionKind,
): PerturbationsFigure | null {
  const kind = columnOf(perturbations, 'perturbation')
  const place = columnOf(perturbations, 'place')
  const shift = columnOf(perturbations, shiftColumn(norm))
  const { isPredicted, shareOfFlips, change } = predictionColumns(perturbations, prediction)
  const random = PLACES.indexOf('random')
  const kinds = PERTURBATIONS.flatMap((perturbation, code) => {
    const rows = rowsWhere(perturbations, (row) => place[row] === random && kind[row] === code)
    if (rows.length === 0) return []
    const predicted = rows.filter(isPredicted)
    return {
      perturbation,
      n: rows.length,
      meanShift: meanOf(finiteAt(shift, rows)),
      layers: distanceStatistics(perturbations, rows),
      flips: shareOfFlips(predicted),
      meanChange: meanOf(Float64Array.from(predicted, change)),
    }
  })
  return kinds.length > 0 ? { kinds } : null
}

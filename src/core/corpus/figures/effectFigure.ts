import type { Norm } from '../../measures/norm'
import type { PredictionKind } from '../../measures/prediction'
import { pearson, spearman } from '../../statistics/correlation'
import { predictionColumns } from '../records/predictionColumns'
import { columnOf, gather, layerColumns, rowsWhere, shiftColumn } from '../records/recordColumns'
import { distanceColumn, type RecordTables } from '../records/records'
import { PERTURBATIONS } from '../runSettings'
import type { EffectFigure } from './figures'

/**
 * Computes experiment 5: prediction change against the shift of the embedding and against D_L, over the nearest
 * substitutions at the least impactful and at the random positions.
 *
 * @returns null without such records, and for models without a head
 */
export function effectFigure(
  { perturbations }: RecordTables,
  norm: Norm,
  prediction?: PredictionKind,
): EffectFigure | null {
  const kind = columnOf(perturbations, 'perturbation')
  const shift = columnOf(perturbations, shiftColumn(norm))
  const lastDistance = layerColumns(perturbations, distanceColumn).at(-1)
  const tokenId = columnOf(perturbations, 'token_id')
  const { isPredicted, flips, shareOfFlips, change } = predictionColumns(perturbations, prediction)
  const nearest = PERTURBATIONS.indexOf('nearest')
  const rows = rowsWhere(perturbations, (row) => kind[row] === nearest && isPredicted(row))
  if (rows.length === 0 || lastDistance === undefined) return null
  const points = {
    shift: gather(new Float32Array(rows.length), rows, (row) => shift[row]),
    lastDistance: gather(new Float32Array(rows.length), rows, (row) => lastDistance[row]),
    change: gather(new Float32Array(rows.length), rows, change),
    flipped: gather(new Uint8Array(rows.length), rows, (row) => Number(flips(row))),
    tokenIds: gather(new Uint32Array(rows.length), rows, (row) => tokenId[row]),
    rows,
  }
  const against = (x: Float32Array) => ({
    pearson: pearson(x, points.change),
    spearman: spearman(x, points.change),
  })
  return {
    n: rows.length,
    flips: shareOfFlips(rows),
    points,
    againstShift: against(points.shift),
    againstLastDistance: against(points.lastDistance),
  }
}

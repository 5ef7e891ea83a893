import { meanInterval } from '../../statistics/mean'
import { finiteAt, layerColumns } from '../records/recordColumns'
import { distanceColumn, type RecordTable } from '../records/records'
import type { LayerStatistic } from './figures'

/** Computes the statistics of D_l over some rows of the table `perturbations`, layer by layer. */
export function distanceStatistics(perturbations: RecordTable, rows: Uint32Array): readonly LayerStatistic[] {
  return layerColumns(perturbations, distanceColumn).map((column, layer) => ({
    layer,
    ...meanInterval(finiteAt(column, rows)),
  }))
}

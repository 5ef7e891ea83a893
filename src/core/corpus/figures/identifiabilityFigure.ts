import { median } from '../../statistics/median'
import { wilsonInterval } from '../../statistics/wilsonInterval'
import { layerColumns } from '../records/recordColumns'
import { type RecordTables, rankColumn } from '../records/records'
import type { IdentifiabilityFigure } from './figures'

/**
 * Computes experiment 4, after Brunner et al. 2019: the share of positions whose closest token by cosine is their own,
 * by layer, with 95 % Wilson intervals, and the median rank of that token.
 *
 * @returns null without such records
 */
export function identifiabilityFigure({ readings }: RecordTables): IdentifiabilityFigure | null {
  const n = readings.rows
  if (n === 0) return null
  return {
    layers: layerColumns(readings, rankColumn).map((ranks, layer) => {
      let identified = 0
      for (const rank of ranks) if (rank === 1) identified++
      // If most are identified, the median is 1 without a search.
      const medianRank = 2 * identified > n ? 1 : median(ranks)
      return { layer, n, rate: identified / n, ...wilsonInterval(identified, n), medianRank }
    }),
  }
}

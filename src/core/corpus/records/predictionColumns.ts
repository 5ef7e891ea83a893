import { givesProbabilities, isFlip, type PredictionKind } from '../../measures/prediction'
import { columnOf } from './recordColumns'
import type { RecordTable } from './records'

/** Value of label columns where the model has no head, and of models that give scores in runs of earlier versions. */
const NO_LABEL = 255

/** Returns accessors, by row, for what a perturbation did to the prediction. */
export function predictionColumns(perturbations: RecordTable, kind: PredictionKind = 'softmax') {
  const labelBefore = columnOf(perturbations, 'label_before')
  const labelAfter = columnOf(perturbations, 'label_after')
  const before = columnOf(perturbations, 'probability_before')
  const after = columnOf(perturbations, 'probability_after')
  const flips = (row: number) =>
    isFlip(
      kind,
      { before: labelBefore[row], after: labelAfter[row] },
      { before: before[row], after: after[row] },
    )
  return {
    isPredicted: (row: number) => labelBefore[row] !== NO_LABEL,
    flips,
    /** Returns the share of the rows that change their label; NaN without rows, and for scores. */
    shareOfFlips(rows: Uint32Array): number {
      if (rows.length === 0 || !givesProbabilities(kind)) return Number.NaN
      let count = 0
      for (const row of rows) if (flips(row)) count++
      return count / rows.length
    },
    /** |after - before| of the probability, or the score, of the label before. */
    change: (row: number) => Math.abs(after[row] - before[row]),
  }
}

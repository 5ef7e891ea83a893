import { isFlip, type PredictionKind } from '../prediction'
import { columnOf } from './recordColumns'
import type { RecordTable } from './records'

/** Value of label columns where the model has no head that gives probabilities. */
const NO_LABEL = 255

/** Returns accessors, by row, for what a perturbation did to the prediction. */
export function predictionColumns(perturbations: RecordTable, kind: PredictionKind = 'softmax') {
  const labelBefore = columnOf(perturbations, 'label_before')
  const labelAfter = columnOf(perturbations, 'label_after')
  const before = columnOf(perturbations, 'probability_before')
  const after = columnOf(perturbations, 'probability_after')
  return {
    isPredicted: (row: number) => labelBefore[row] !== NO_LABEL,
    flips: (row: number) =>
      isFlip(
        kind,
        { before: labelBefore[row], after: labelAfter[row] },
        { before: before[row], after: after[row] },
      ),
    /** |probability after - before| of the label before. */
    change: (row: number) => Math.abs(after[row] - before[row]),
  }
}

/** Returns the share of the rows that change their label; NaN without rows. */
export function shareOfFlips(rows: Uint32Array, flips: (row: number) => boolean): number {
  let count = 0
  for (const row of rows) if (flips(row)) count++
  return rows.length > 0 ? count / rows.length : Number.NaN
}

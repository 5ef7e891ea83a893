import { CARRIERS, type Carrier } from '../../measures/patchSweep'
import { percentileInterval, resampledCounts } from '../../statistics/bootstrap'
import { columnOf, layerColumns, rowsWhere } from '../records/recordColumns'
import { causalColumn, type RecordTables } from '../records/records'
import { PERTURBATIONS, PLACES } from '../runSettings'
import type { CarriedMean, CausalFigure, CausalKind } from './figures'

/** Texts without which an interval over texts means nothing. */
const FEWEST_TEXTS = 3

interface Draws {
  readonly seed: number
  /** 0: no intervals, as while a run goes on. */
  readonly resamples: number
}

/** Returns the rows of each text. */
function rowsByText(sequence: ArrayLike<number>, rows: Uint32Array): number[][] {
  const texts = new Map<number, number[]>()
  for (const row of rows) {
    const known = texts.get(sequence[row])
    if (known) known.push(row)
    else texts.set(sequence[row], [row])
  }
  return [...texts.values()]
}

/** Returns the means of columns over all rows, with intervals by bootstrap over texts: each column in the same resamples. */
function carriedMeans(
  columns: readonly ArrayLike<number>[],
  texts: readonly (readonly number[])[],
  { seed, resamples }: Draws,
): CarriedMean[] {
  const sums = columns.map((column) =>
    Float64Array.from(texts, (rows) => rows.reduce((sum, row) => sum + column[row], 0)),
  )
  const meanWith = (ofTexts: Float64Array, counts: ArrayLike<number>) => {
    let [sum, n] = [0, 0]
    for (let text = 0; text < texts.length; text++) {
      sum += counts[text] * ofTexts[text]
      n += counts[text] * texts[text].length
    }
    return sum / n
  }
  const samples = columns.map(() => new Float64Array(texts.length < FEWEST_TEXTS ? 0 : resamples))
  let resample = 0
  for (const counts of resampledCounts(texts.length, { seed, resamples: samples[0].length })) {
    for (const [i, ofTexts] of sums.entries()) samples[i][resample] = meanWith(ofTexts, counts)
    resample++
  }
  const once = new Uint8Array(texts.length).fill(1)
  return sums.map((ofTexts, i) => ({ mean: meanWith(ofTexts, once), ...percentileInterval(samples[i]) }))
}

/**
 * Computes which share of a change's effect the own position, all others, the position that the head reads and the whole
 * layer carry, by layer: means over changes with 95 % intervals by bootstrap over texts. Changes whose effect is within
 * rounding are counted and left out.
 *
 * @param draws seed, and the number of resamples
 * @returns null without such records
 */
export function causalFigure({ perturbations }: RecordTables, draws: Draws): CausalFigure | null {
  const layersOf = (part: Carrier) => layerColumns(perturbations, (layer) => causalColumn(part, layer))
  const byPart = CARRIERS.map(layersOf)
  const [shares] = byPart
  if (shares.length === 0) return null
  const [kind, place, sequence, effect] = ['perturbation', 'place', 'sequence', 'effect'].map((name) =>
    columnOf(perturbations, name),
  )
  const last = shares.length - 1
  const kinds = PLACES.flatMap((where, whereCode) =>
    PERTURBATIONS.flatMap((perturbation, code): CausalKind[] => {
      const measured = rowsWhere(
        perturbations,
        (row) => kind[row] === code && place[row] === whereCode && Number.isFinite(effect[row]),
      )
      if (measured.length === 0) return []
      const rows = measured.filter((row) => Number.isFinite(shares[last][row]))
      const texts = rowsByText(sequence, rows)
      const means = carriedMeans(byPart.flat(), texts, draws)
      return [
        {
          perturbation,
          place: where,
          n: rows.length,
          texts: texts.length,
          leftOut: measured.length - rows.length,
          layers: shares.map((_, layer) => {
            const [own, others, read, whole] = CARRIERS.map((_, part) => means[part * shares.length + layer])
            return { layer, own, others, read, whole }
          }),
        },
      ]
    }),
  )
  return kinds.length > 0 ? { kinds } : null
}

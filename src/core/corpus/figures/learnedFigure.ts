import { meanInterval, meanOf } from '../../statistics/mean'
import { wilsonInterval } from '../../statistics/wilsonInterval'
import { columnOf, layerColumns } from '../records/recordColumns'
import {
  l2RankColumn,
  learnedRankColumn,
  NONE,
  type RecordTables,
  rankColumn,
  similarityColumn,
} from '../records/records'
import type { LearnedFigure, Rate } from './figures'

function rateOf(ranks: ArrayLike<number>, rows: readonly number[]): Rate {
  const identified = rows.filter((row) => ranks[row] === 1).length
  return { rate: identified / rows.length, ...wilsonInterval(identified, rows.length) }
}

/**
 * Computes learned identifiability, after Brunner et al. 2019: over the texts that no map was learned from, the share of
 * positions whose own token is the closest to h_l by cosine, by l2 distance, and to the mapped h_l by cosine, with 95 %
 * Wilson intervals; and the mean cosine of h_l with those of the texts learned from, with a 95 % t interval over texts.
 *
 * @returns null without such records
 */
export function learnedFigure({ readings }: RecordTables): LearnedFigure | null {
  const learned = layerColumns(readings, learnedRankColumn)
  if (learned.length === 0) return null
  const [cosine, l2, similarity] = [rankColumn, l2RankColumn, similarityColumn].map((name) =>
    layerColumns(readings, name),
  )
  const sequence = columnOf(readings, 'sequence')
  const held: number[] = []
  const byText = new Map<number, number[]>()
  for (let row = 0; row < readings.rows; row++) {
    if (learned[0][row] === NONE) continue
    held.push(row)
    const known = byText.get(sequence[row])
    if (known) known.push(row)
    else byText.set(sequence[row], [row])
  }
  if (held.length === 0) return null
  const texts = [...byText.values()]
  return {
    n: held.length,
    texts: texts.length,
    layers: learned.map((ranks, layer) => {
      const { mean, low, high } = meanInterval(
        texts.map((rows) => meanOf(rows.map((row) => similarity[layer][row]))),
      )
      return {
        layer,
        cosine: rateOf(cosine[layer], held),
        l2: rateOf(l2[layer], held),
        learned: rateOf(ranks, held),
        similarity: { mean, low, high },
      }
    }),
  }
}

import type { CsvRow } from '../../exports/csv'
import { type Figures, type LayerStatistic, RETRIEVALS } from './figures'

export type FigureName = keyof Figures

/** Holds a figure's numbers as tidy rows: for the table behind the chart, and for its files. */
export interface FigureTable {
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
}

/** Number of rows that a table shows; its files have all. */
export const TABLE_ROWS = 200

/** Tells whether a column holds counts or ids, which lose no digit. */
export const isWholeColumn = (column: string) =>
  /^(n|n_compared|layer|texts|tokens|token_id|count.*|flipped)$/.test(column)

type NameOf = (tokenId: number) => string

const statistics = ({ layer, n, mean, low, high, variance }: LayerStatistic) => ({
  layer,
  n,
  mean,
  low,
  high,
  variance,
})
const STATISTICS = ['layer', 'n', 'mean', 'low', 'high', 'variance'] as const

/** Table of each figure; intervals are 95 %. */
const TABLES: {
  readonly [K in FigureName]: (figure: NonNullable<Figures[K]>, nameOf: NameOf) => FigureTable
} = {
  frequency: ({ tokens }, nameOf) => ({
    columns: ['token', 'token_id', 'count_l1', 'count_l2', 'count_linf', 'corpus_share'],
    rows: tokens.map(({ tokenId, counts, corpusShare }) => ({
      token: nameOf(tokenId),
      token_id: tokenId,
      count_l1: counts.l1,
      count_l2: counts.l2,
      count_linf: counts.linf,
      corpus_share: corpusShare,
    })),
  }),
  commonness: ({ bins }) => ({
    columns: ['from', 'to', 'n', 'mean_shift', 'low', 'high'],
    rows: bins.map(({ from, to, n, mean, low, high }) => ({ from, to, n, mean_shift: mean, low, high })),
  }),
  propagation: ({ ranks, all }) => ({
    columns: ['rank', ...STATISTICS],
    rows: [
      ...ranks.flatMap(({ rank, layers }) =>
        layers.map((layer) => ({ rank: String(rank), ...statistics(layer) })),
      ),
      ...all.map((layer) => ({ rank: 'all', ...statistics(layer) })),
    ],
  }),
  identifiability: ({ layers }) => ({
    columns: ['layer', 'n', 'rate', 'low', 'high', 'median_rank'],
    rows: layers.map(({ layer, n, rate, low, high, medianRank }) => ({
      layer,
      n,
      rate,
      low,
      high,
      median_rank: medianRank,
    })),
  }),
  effect: ({ points }, nameOf) => ({
    columns: ['token', 'token_id', 'shift', 'last_distance', 'change', 'flipped'],
    rows: Array.from(points.tokenIds, (tokenId, i) => ({
      token: nameOf(tokenId),
      token_id: tokenId,
      shift: points.shift[i],
      last_distance: points.lastDistance[i],
      change: points.change[i],
      flipped: points.flipped[i],
    })),
  }),
  pairs: ({ kinds }) => ({
    columns: ['place', 'layer', 'n', 'ratio', 'low', 'high', 'super_additive_share'],
    rows: kinds.flatMap(({ place, layers }) =>
      layers.map(({ layer, n, ratio, low, high, superAdditiveShare }) => ({
        place,
        layer,
        n,
        ratio,
        low,
        high,
        super_additive_share: superAdditiveShare,
      })),
    ),
  }),
  perturbations: ({ kinds }) => ({
    columns: ['perturbation', ...STATISTICS, 'mean_shift', 'flips', 'mean_change'],
    rows: kinds.flatMap(({ perturbation, layers, meanShift, flips, meanChange }) =>
      layers.map((layer) => ({
        perturbation,
        ...statistics(layer),
        mean_shift: meanShift,
        flips,
        mean_change: meanChange,
      })),
    ),
  }),
  learned: ({ n, layers }) => ({
    columns: ['layer', 'read_by', 'n', 'rate', 'low', 'high'],
    rows: layers.flatMap(({ layer, similarity, ...rates }) => [
      ...RETRIEVALS.map((read_by) => ({ layer, read_by, n, ...rates[read_by] })),
      { layer, read_by: 'mean cosine', n, rate: similarity.mean, low: similarity.low, high: similarity.high },
    ]),
  }),
  proxies: ({ kinds, overlaps }) => ({
    columns: [
      'perturbation',
      'place',
      'tokens',
      'distance',
      'effect',
      'layer',
      'n',
      'texts',
      'spearman',
      'low',
      'high',
      'kendall',
      'gain_low',
      'gain_high',
      'overlap',
      'chance',
    ],
    rows: [
      ...kinds.flatMap(({ perturbation, place, tokens, series }) =>
        series.flatMap(({ measure, effect, n, texts, layers }) =>
          layers.map(({ layer, spearman, low, high, kendall, gainLow, gainHigh }) => ({
            perturbation,
            place,
            tokens,
            distance: measure,
            effect,
            layer,
            n,
            texts,
            spearman,
            low,
            high,
            kendall,
            gain_low: gainLow,
            gain_high: gainHigh,
            overlap: null,
            chance: null,
          })),
        ),
      ),
      ...overlaps.flatMap(({ effect, texts, tokens, chance, layers }) =>
        layers.map(({ layer, share, low, high }) => ({
          perturbation: 'nearest',
          place: null,
          tokens: null,
          distance: 'whole',
          effect,
          layer,
          n: Math.round(tokens * texts),
          texts,
          spearman: null,
          low,
          high,
          kendall: null,
          gain_low: null,
          gain_high: null,
          overlap: share,
          chance,
        })),
      ),
    ],
  }),
}

/** @returns null where the run has no such records */
export function figureTable<K extends FigureName>(
  figures: Figures,
  name: K,
  nameOf: NameOf,
): FigureTable | null {
  const figure = figures[name]
  return figure === null ? null : TABLES[name](figure as NonNullable<Figures[K]>, nameOf)
}

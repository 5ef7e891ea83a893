import type { Figures, LayerStatistic } from '../../core/corpus/figures'
import type { RunProgress, RunSummary } from '../../core/corpus/run'
import { type CsvRow, formatCsv } from '../../core/csv'
import type { SelectionRow } from './corpusSelectors'

export type FigureName = keyof Figures

/** A figure's numbers as tidy rows: for the table behind the chart, and for its files. */
export interface FigureTable {
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
}

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

/** One writer a figure; intervals are 95 %. */
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
  pairs: ({ layers }) => ({
    columns: ['layer', 'n', 'ratio', 'low', 'high', 'super_additive_share'],
    rows: layers.map(({ layer, n, ratio, low, high, superAdditiveShare }) => ({
      layer,
      n,
      ratio,
      low,
      high,
      super_additive_share: superAdditiveShare,
    })),
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

export const tableCsv = ({ columns, rows }: FigureTable): string => formatCsv(columns, rows)

type DescribedRun = Pick<RunSummary, 'header'> & { readonly progress: RunProgress | null }

/** What files say of the run besides its numbers. */
function describeRun({ header, progress }: DescribedRun) {
  const { settings, origin, provenance, corpus, sampled, startedAt } = header
  const done = progress?.done ?? sampled
  return { settings, origin, provenance, corpus, sampled, sequences_done: done, started_at: startedAt }
}

/** Numbers that JSON cannot hold become null. @param beside the run that the numbers are compared with */
export function tableJson(
  name: string,
  { columns, rows }: FigureTable,
  run: DescribedRun,
  beside: DescribedRun | null = null,
): string {
  const content = {
    format: 'ripplescope-figure',
    version: 1,
    figure: name,
    run: describeRun(run),
    ...(beside ? { beside: describeRun(beside) } : {}),
    columns,
    rows,
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** Chosen points as a table of tokens. */
export function selectionTable(rows: readonly SelectionRow[]): FigureTable {
  return {
    columns: ['token', 'token_id', 'count', 'commonness', 'shift'],
    rows: rows.map(({ token, tokenId, count, commonness, shift }) => ({
      token,
      token_id: tokenId,
      count,
      commonness,
      shift,
    })),
  }
}

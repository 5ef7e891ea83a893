import { createCommonness } from '../corpus/figures/commonness'
import type { Correlation } from '../corpus/figures/figures'
import type { TokenCounts } from '../corpus/run'
import type { CsvRow } from '../exports/csv'
import { spearman } from '../statistics/correlation'
import { type MeanInterval, meanInterval } from '../statistics/mean'
import { median } from '../statistics/median'
import {
  everyMeasure,
  type Hubness,
  hubness,
  type MeasureAgreement,
  TABLE_MEASURES,
  type TableGeometry,
  type TableMeasure,
} from './tableGeometry'

/** Number of bins of commonness, as in fig. 2. */
const BINS = 10

export interface DensityBin extends MeanInterval {
  readonly from: number
  readonly to: number
}

/** Relates the density of a token's neighbourhood to how common the token is in a corpus. */
export interface DensityByCommonness {
  /** Between commonness and density, over the tokens that occur. */
  readonly spearman: Correlation
  readonly bins: readonly DensityBin[]
}

/** Sums up a word table's geometry. */
export interface GeometryFigure {
  readonly k: number
  readonly entries: number
  readonly meanCosine: number
  /** Mean cosine of the k nearest: over all entries, and its median. */
  readonly density: MeanInterval & { readonly median: number }
  readonly hubness: Readonly<Record<TableMeasure, Hubness>>
  /** Share of the entries with N_k of 0, 1, 2 to 3, 4 to 7, ... by measure, of one length. */
  readonly distribution: Readonly<Record<TableMeasure, readonly number[]>>
  readonly agreement: readonly MeasureAgreement[]
  /** Null without the counts of a corpus. */
  readonly byCommonness: DensityByCommonness | null
}

/** Returns the bin of a count: 0, 1, 2 to 3, 4 to 7, ... */
const doublingBin = (count: number) => (count === 0 ? 0 : 1 + Math.floor(Math.log2(count)))

/** Returns the smallest count of a bin of the distribution. */
export const binStart = (bin: number) => (bin === 0 ? 0 : 2 ** (bin - 1))

function distributionOf({ occurrences }: TableGeometry): GeometryFigure['distribution'] {
  const most = Math.max(
    ...TABLE_MEASURES.map((measure) => occurrences[measure].reduce((a, b) => Math.max(a, b), 0)),
  )
  return everyMeasure((measure) => {
    const shares = new Array<number>(doublingBin(most) + 1).fill(0)
    const counts = occurrences[measure]
    for (const count of counts) shares[doublingBin(count)] += 1 / counts.length
    return shares
  })
}

function byCommonness({ tokenIds, density }: TableGeometry, counts: TokenCounts): DensityByCommonness {
  const commonness = createCommonness(counts)
  const occurring = [...tokenIds.keys()].filter((i) => !Number.isNaN(commonness(tokenIds[i])))
  const xs = occurring.map((i) => commonness(tokenIds[i]))
  const ys = occurring.map((i) => density[i])
  const binned: number[][] = Array.from({ length: BINS }, () => [])
  for (const [at, x] of xs.entries()) binned[Math.min(BINS - 1, Math.floor(x * BINS))].push(ys[at])
  return {
    spearman: spearman(xs, ys),
    bins: binned.map((values, bin) => ({ from: bin / BINS, to: (bin + 1) / BINS, ...meanInterval(values) })),
  }
}

/** @param counts of a corpus read by the model's own tokenizer; null: density is set against nothing */
export function geometryFigure(geometry: TableGeometry, counts: TokenCounts | null): GeometryFigure {
  const { k, tokenIds, meanCosine, density, agreement } = geometry
  return {
    k,
    entries: tokenIds.length,
    meanCosine,
    density: { ...meanInterval(density), median: median(density) },
    hubness: everyMeasure((measure) => hubness(geometry, measure)),
    distribution: distributionOf(geometry),
    agreement,
    byCommonness: counts && byCommonness(geometry, counts),
  }
}

/** Returns a row a token, for files. @param counts of a corpus; null: the columns about it stay empty */
export function geometryTable(
  { tokenIds, density, nearest, occurrences }: TableGeometry,
  nameOf: (tokenId: number) => string,
  counts: TokenCounts | null,
): { readonly columns: readonly string[]; readonly rows: readonly CsvRow[] } {
  const commonness = counts && createCommonness(counts)
  const countOf = new Map(counts ? Array.from(counts.tokenIds, (id, i) => [id, counts.counts[i]]) : [])
  return {
    columns: [
      ...['token', 'token_id', 'nearest', 'nearest_id', 'density'],
      ...TABLE_MEASURES.map((measure) => `occurrences_${measure}`),
      ...['count', 'commonness'],
    ],
    rows: Array.from(tokenIds, (id, i) => ({
      token: nameOf(id),
      token_id: id,
      nearest: nameOf(nearest[i]),
      nearest_id: nearest[i],
      density: density[i],
      ...Object.fromEntries(
        TABLE_MEASURES.map((measure) => [`occurrences_${measure}`, occurrences[measure][i]]),
      ),
      count: counts ? (countOf.get(id) ?? 0) : null,
      commonness: commonness ? commonness(id) : null,
    })),
  }
}

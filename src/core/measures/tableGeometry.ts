import { skewness } from '../statistics/skewness'
import type { NeighborFilters } from './neighbor'

/**
 * Names what makes a row of the word table near to another: the largest cosine (eq. 1), the smallest l2 distance, the
 * largest dot product.
 */
export const TABLE_MEASURES = ['cosine', 'l2', 'dot'] as const
export type TableMeasure = (typeof TABLE_MEASURES)[number]

export const TABLE_MEASURE_NAMES: Readonly<Record<TableMeasure, string>> = {
  cosine: 'cosine',
  l2: 'l2 distance',
  dot: 'dot product',
}

/** Says which entries of a vocabulary are left out, as rows and as neighbours: special ones, and those like `[unused7]`. */
export type LeftOut = Pick<NeighborFilters, 'special' | 'unused'>

export const NOTHING_LEFT_OUT: LeftOut = { special: false, unused: false }

/** Number of neighbours behind each number, as in Radovanović et al. 2010. */
export const GEOMETRY_NEIGHBORS = 10

export interface TableNeighborsRequest {
  /** First row of the table that is asked about, and how many; those left out have no answer. */
  readonly first: number
  readonly count: number
  /** 1..50 */
  readonly k: number
  readonly leftOut: LeftOut
}

/** Holds the nearest rows of some rows of the word table, by every measure, computed in float64. */
export interface TableNeighbors {
  /** Rows that are counted among those asked about, ascending: t of them. */
  readonly tokenIds: Uint32Array
  /** [t, k] nearest first, of equally near ones the lower id first; the token itself is none of them. */
  readonly ids: Readonly<Record<TableMeasure, Uint32Array>>
  /** [t, k] cosines of the nearest by cosine. */
  readonly cosines: Float64Array
  /** Sum of these rows, each divided by its l2 norm, float64 [width of the table]. */
  readonly unitSum: Float64Array
}

/** Says how often two measures name the same neighbours. */
export interface MeasureAgreement {
  readonly measures: readonly [TableMeasure, TableMeasure]
  /** Share of tokens whose nearest is the same. */
  readonly nearest: number
  /** Mean share of the k nearest that both name. */
  readonly shared: number
}

/** Holds the geometry of a word table (measures.md), a value a token in the order of `tokenIds`. */
export interface TableGeometry {
  readonly k: number
  readonly leftOut: LeftOut
  /** Entries that are counted, ascending. */
  readonly tokenIds: Uint32Array
  /** Mean cosine over all pairs of different entries: what a pair drawn at random has on average. */
  readonly meanCosine: number
  /** N_k: how many entries have this one among their k nearest. */
  readonly occurrences: Readonly<Record<TableMeasure, Uint32Array>>
  /** Mean cosine of the k nearest by cosine. */
  readonly density: Float64Array
  /** Nearest by cosine (eq. 1). */
  readonly nearest: Uint32Array
  readonly agreement: readonly MeasureAgreement[]
}

/** Makes a value for each measure. */
export const everyMeasure = <T>(make: (measure: TableMeasure) => T): Readonly<Record<TableMeasure, T>> => ({
  cosine: make('cosine'),
  l2: make('l2'),
  dot: make('dot'),
})

const PAIRS = [
  ['cosine', 'l2'],
  ['cosine', 'dot'],
  ['l2', 'dot'],
] as const satisfies readonly (readonly [TableMeasure, TableMeasure])[]

/**
 * Collects a table's geometry from the answers about its blocks.
 *
 * @param vocabularySize rows of the table
 */
export function createTableGeometry(vocabularySize: number, k: number, leftOut: LeftOut) {
  const occurrences = everyMeasure(() => new Uint32Array(vocabularySize))
  const density = new Float64Array(vocabularySize)
  const nearest = new Uint32Array(vocabularySize)
  const agreeing = PAIRS.map(() => ({ nearest: 0, shared: 0 }))
  const counted: number[] = []
  let unitSum: Float64Array | null = null

  function addRow(block: TableNeighbors, row: number): void {
    const of = everyMeasure((measure) => block.ids[measure].subarray(row * k, (row + 1) * k))
    for (const measure of TABLE_MEASURES) for (const id of of[measure]) occurrences[measure][id]++
    for (const [pair, [a, b]] of PAIRS.entries()) {
      if (of[a][0] === of[b][0]) agreeing[pair].nearest++
      agreeing[pair].shared += of[a].filter((id) => of[b].includes(id)).length / k
    }
    const tokenId = block.tokenIds[row]
    let sum = 0
    for (let i = row * k; i < (row + 1) * k; i++) sum += block.cosines[i]
    density[tokenId] = sum / k
    nearest[tokenId] = of.cosine[0]
    counted.push(tokenId)
  }

  return {
    add(block: TableNeighbors): void {
      // A block of which all is left out does not even know the table's width.
      if (block.tokenIds.length === 0) return
      unitSum ??= new Float64Array(block.unitSum.length)
      for (let i = 0; i < unitSum.length; i++) unitSum[i] += block.unitSum[i]
      for (let row = 0; row < block.tokenIds.length; row++) addRow(block, row)
    },
    build(): TableGeometry {
      const tokenIds = Uint32Array.from(counted)
      const n = tokenIds.length
      const squares = unitSum?.reduce((sum, value) => sum + value * value, 0) ?? Number.NaN
      return {
        k,
        leftOut,
        tokenIds,
        // The squared norm of the sum of n unit vectors is n and the cosines of all their ordered pairs.
        meanCosine: (squares - n) / (n * (n - 1)),
        occurrences: everyMeasure((measure) => tokenIds.map((id) => occurrences[measure][id])),
        density: Float64Array.from(tokenIds, (id) => density[id]),
        nearest: tokenIds.map((id) => nearest[id]),
        agreement: PAIRS.map((measures, pair) => ({
          measures,
          nearest: agreeing[pair].nearest / n,
          shared: agreeing[pair].shared / n,
        })),
      }
    },
  }
}

/** Rows that one request is about, so that whoever else asks the model waits a moment only. */
const ROWS_PER_REQUEST = 128

export interface TableGeometryOptions {
  readonly vocabularySize: number
  readonly leftOut?: LeftOut
  readonly k?: number
  /** Stops between requests. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/**
 * Measures a whole word table, one block of rows after the other.
 *
 * @param ask answers about one block
 * @throws FailureError of the model, or the reason of the signal
 */
export async function measureTableGeometry(
  ask: (request: TableNeighborsRequest) => Promise<TableNeighbors>,
  {
    vocabularySize,
    leftOut = NOTHING_LEFT_OUT,
    k = GEOMETRY_NEIGHBORS,
    signal,
    onProgress,
  }: TableGeometryOptions,
): Promise<TableGeometry> {
  const geometry = createTableGeometry(vocabularySize, k, leftOut)
  for (let first = 0; first < vocabularySize; first += ROWS_PER_REQUEST) {
    signal?.throwIfAborted()
    onProgress?.({ done: first, total: vocabularySize })
    const count = Math.min(ROWS_PER_REQUEST, vocabularySize - first)
    geometry.add(await ask({ first, count, k, leftOut }))
  }
  return geometry.build()
}

/** Sums up how unevenly the entries are neighbours of others. */
export interface Hubness {
  /** Skewness of N_k: 0 where all are chosen alike, above 1 where a few hubs are chosen by very many. */
  readonly skewness: number
  /** Share of entries that are nobody's neighbour. */
  readonly orphans: number
  /** Share of all neighbours that the most frequent hundredth of the entries are. */
  readonly topShare: number
  /** Entries with the largest N_k, most frequent first. */
  readonly hubs: readonly { readonly tokenId: number; readonly count: number }[]
}

/** Number of hubs that are named. */
const HUBS = 10

export function hubness({ tokenIds, occurrences }: TableGeometry, measure: TableMeasure): Hubness {
  const counts = occurrences[measure]
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const top = order.slice(0, Math.ceil(counts.length / 100))
  return {
    skewness: skewness(counts),
    orphans: counts.filter((count) => count === 0).length / counts.length,
    topShare: top.reduce((sum, i) => sum + counts[i], 0) / total,
    hubs: order.slice(0, HUBS).map((i) => ({ tokenId: tokenIds[i], count: counts[i] })),
  }
}

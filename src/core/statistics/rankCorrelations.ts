import { isConstant, type NumericColumn } from './numericColumn'

/** Holds the rows of a column in ascending order, and where each value begins: equal values share a rank. */
interface Sorted {
  readonly order: Uint32Array
  /** Places in `order` at which another value begins, and the number of rows. */
  readonly begins: Uint32Array
}

function sorted(column: NumericColumn): Sorted {
  const order = Uint32Array.from({ length: column.length }, (_, row) => row).sort(
    (a, b) => column[a] - column[b],
  )
  const begins: number[] = []
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || column[order[i]] !== column[order[i - 1]]) begins.push(i)
  }
  return { order, begins: Uint32Array.of(...begins, order.length) }
}

/** Writes the average rank of each row, less the mean of all, where row i stands `weights[i]` times. */
function writeRanks({ order, begins }: Sorted, weights: Float64Array, middle: number, ranks: Float64Array) {
  let below = 0
  for (let value = 0; value + 1 < begins.length; value++) {
    const end = begins[value + 1]
    let count = 0
    for (let i = begins[value]; i < end; i++) count += weights[order[i]]
    const rank = below + (count + 1) / 2 - middle
    for (let i = begins[value]; i < end; i++) ranks[order[i]] = rank
    below += count
  }
}

function weightedProduct(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0
  for (let row = 0; row < weights.length; row++) sum += weights[row] * a[row] * b[row]
  return sum
}

/** Computes Spearman's ρ of columns with other columns, over the rows and over any resample of them. */
export interface RankCorrelations {
  /**
   * Returns ρ of every x with every y, [x, y], where the rows of group g stand `counts[g]` times: ranks are those within
   * the resample, ties share the average of theirs. NaN where a column is constant in it.
   */
  at(counts: ArrayLike<number>): Float64Array
}

/**
 * Prepares columns of one length for many resamples: each is sorted once, so that a resample costs one pass a column and
 * one a pair.
 *
 * @param groups which group each row belongs to, from 0: whole groups are resampled
 */
export function createRankCorrelations(
  xs: readonly NumericColumn[],
  ys: readonly NumericColumn[],
  groups: ArrayLike<number>,
): RankCorrelations {
  const rows = groups.length
  const columns = [...xs, ...ys].map(sorted)
  const ranks = columns.map(() => new Float64Array(rows))
  const weights = new Float64Array(rows)
  return {
    at(counts) {
      let total = 0
      for (let row = 0; row < rows; row++) {
        weights[row] = counts[groups[row]]
        total += weights[row]
      }
      const middle = (total + 1) / 2
      for (const [i, column] of columns.entries()) writeRanks(column, weights, middle, ranks[i])
      const variances = ranks.map((of) => weightedProduct(of, of, weights))
      const found = new Float64Array(xs.length * ys.length)
      for (let x = 0; x < xs.length; x++) {
        for (let y = 0; y < ys.length; y++) {
          const j = xs.length + y
          const product = weightedProduct(ranks[x], ranks[j], weights)
          // Of a constant column every rank is the mean: 0 / 0 is NaN.
          found[x * ys.length + y] = product / Math.sqrt(variances[x] * variances[j])
        }
      }
      return found
    },
  }
}

/** Returns n (n - 1) / 2. */
const pairsOf = (n: number) => (n * (n - 1)) / 2

/** Counts the pairs of rows that stand in falling order, by merging; sorts the values. */
function countInversions(values: Float64Array): number {
  let inversions = 0
  let from = values
  let to: Float64Array = new Float64Array(values.length)
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length)
      const end = Math.min(start + 2 * width, values.length)
      let left = start
      let right = middle
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || from[left] <= from[right])) to[at] = from[left++]
        else {
          inversions += middle - left
          to[at] = from[right++]
        }
      }
    }
    ;[from, to] = [to, from]
  }
  return inversions
}

/** Counts the pairs of rows with equal values, in rows where equal ones stand together. */
function countTies(rows: number, isSame: (row: number) => boolean): number {
  let ties = 0
  let run = 1
  for (let row = 1; row <= rows; row++) {
    if (row < rows && isSame(row)) run++
    else {
      ties += pairsOf(run)
      run = 1
    }
  }
  return ties
}

/**
 * Computes Kendall's τ-b (Kendall 1945) in n log n by Knight's method (1966). NaN for n < 2 and constant columns.
 *
 * @param x and y columns of one length
 */
export function kendall(x: NumericColumn, y: NumericColumn): number {
  const n = x.length
  if (n < 2 || isConstant(x) || isConstant(y)) return Number.NaN
  const order = Uint32Array.from({ length: n }, (_, row) => row).sort((a, b) => x[a] - x[b] || y[a] - y[b])
  const byX = Float64Array.from(order, (row) => x[row])
  const ofY = Float64Array.from(order, (row) => y[row])
  const tiesX = countTies(n, (row) => byX[row] === byX[row - 1])
  const tiesBoth = countTies(n, (row) => byX[row] === byX[row - 1] && ofY[row] === ofY[row - 1])
  const byY = Float64Array.from(ofY).sort()
  const tiesY = countTies(n, (row) => byY[row] === byY[row - 1])
  const discordant = countInversions(ofY)
  const all = pairsOf(n)
  const difference = all - tiesX - tiesY + tiesBoth - 2 * discordant
  return difference / (Math.sqrt(all - tiesX) * Math.sqrt(all - tiesY))
}

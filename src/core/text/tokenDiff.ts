/** Largest number of differences to search for: the search takes memory with their square. */
const MAX_DIFFERENCES = 2000

/** Holds the furthest i reached on each diagonal i - j = k; k from -d to d. */
type Frontier = Int32Array

/**
 * Returns the furthest points for 0, 1, 2, ... differences, until both ends are reached; null if there are too many.
 */
function search(
  a: readonly string[],
  b: readonly string[],
  limit: number,
): { readonly frontiers: readonly Frontier[]; readonly differences: number } | null {
  const frontiers: Frontier[] = []
  let former: Frontier = new Int32Array(0)
  for (let d = 0; d <= limit; d++) {
    const reached = new Int32Array(2 * d + 1)
    for (let k = -d; k <= d; k += 2) {
      const from = stepFrom(former, d, k)
      let i = from.i
      while (i < a.length && i - k < b.length && a[i] === b[i - k]) i++
      reached[k + d] = i
      if (i >= a.length && i - k >= b.length) {
        frontiers.push(reached)
        return { frontiers, differences: d }
      }
    }
    frontiers.push(reached)
    former = reached
  }
  return null
}

/**
 * Returns the point from which the d-th difference leads onto diagonal k: one more of `a` (from k - 1) or of `b` (from
 * k + 1).
 */
function stepFrom(former: Frontier, d: number, k: number): { readonly i: number; readonly k: number } {
  if (d === 0) return { i: 0, k: 0 }
  const below = k > -d ? former[k - 1 + (d - 1)] + 1 : -1
  const above = k < d ? former[k + 1 + (d - 1)] : -1
  return below > above ? { i: below, k: k - 1 } : { i: above, k: k + 1 }
}

/**
 * Returns a longest common subsequence, as pairs of indices, ascending: Myers, "An O(ND) Difference Algorithm and Its
 * Variations" (1986), the greedy one. If the texts differ in more than 2,000 places, only their common beginning and
 * end are paired.
 */
export function commonPairs(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++

  const middle: (readonly [number, number])[] = []
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const found = search(left, right, Math.min(MAX_DIFFERENCES, left.length + right.length))
  if (found) {
    let [i, k] = [left.length, left.length - right.length]
    for (let d = found.differences; d >= 0; d--) {
      const from = stepFrom(found.frontiers[d - 1] ?? new Int32Array(0), d, k)
      for (; i > from.i; i--) middle.push([head + i - 1, head + i - 1 - k])
      if (d === 0) break
      i = from.k === k - 1 ? from.i - 1 : from.i
      k = from.k
    }
    middle.reverse()
  }
  const same = (length: number, atA: number, atB: number) =>
    Array.from({ length }, (_, n) => [atA + n, atB + n] as const)
  return [...same(head, 0, 0), ...middle, ...same(tail, a.length - tail, b.length - tail)]
}

interface Block {
  /** Mean of the members' wished places, each less its own place in the row. */
  mean: number
  count: number
}

/**
 * Returns places on a line, as near to the wished ones as a minimal gap between neighbours allows, inside [low, high].
 * Least squares by pooling adjacent violators; order is kept, ties by index. If the range is too short for the gap, the
 * gap shrinks.
 *
 * @param wishes finite; any order
 * @param gap least distance between two places
 * @returns one place a wish, in the order given
 */
export function dodge(
  wishes: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const count = wishes.length
  if (count === 0) return []
  const room = Math.max(0, high - low)
  const step = count > 1 ? Math.min(gap, room / (count - 1)) : 0
  const order = wishes.map((_, i) => i).sort((a, b) => wishes[a] - wishes[b] || a - b)

  const blocks: Block[] = []
  order.forEach((index, rank) => {
    let block: Block = { mean: wishes[index] - rank * step, count: 1 }
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop()
      const joined = last.count + block.count
      block = { mean: (last.mean * last.count + block.mean * block.count) / joined, count: joined }
    }
    blocks.push(block)
  })

  const latest = low + room - (count - 1) * step
  const starts = blocks.flatMap(({ mean, count }) =>
    new Array<number>(count).fill(Math.max(low, Math.min(latest, mean))),
  )
  const places = new Array<number>(count)
  order.forEach((index, rank) => {
    places[index] = starts[rank] + rank * step
  })
  return places
}

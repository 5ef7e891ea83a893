/** How an axis is stretched: a square root spreads a long tail's foot and still has a zero. */
export type AxisScale = 'linear' | 'sqrt'

/** Values as they stand along an axis; the same array where it is linear. Negative amounts have no root. */
export function toAxis(values: Float32Array, scale: AxisScale): Float32Array {
  return scale === 'linear' ? values : values.map(Math.sqrt)
}

/** The value at a place along an axis. */
export function fromAxis(place: number, scale: AxisScale): number {
  return scale === 'linear' ? place : Math.max(0, place) ** 2
}

/** Round numbers of a square-root axis between two values: zero and 1, 2, 5 of each power, or even steps close up. */
export function rootTicks(
  low: number,
  high: number,
  count: number,
  even: (count: number) => number[],
): number[] {
  if (!(high > 4 * low)) return even(count)
  const ticks = low <= 0 ? [0] : []
  for (let power = Math.floor(Math.log10(high)) - 3; 10 ** power <= high; power++) {
    for (const step of [1, 2, 5]) {
      // Through its name, for 2 * 10 ** -1 is not 0.2 in every case.
      const value = Number(`${step}e${power}`)
      if (value >= low && value <= high) ticks.push(value)
    }
  }
  return ticks
}

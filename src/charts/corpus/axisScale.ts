/** Names the scale of an axis: a square root spreads the low values of a long tail and still has a zero. */
export type AxisScale = 'linear' | 'sqrt'

/** Returns values as coordinates along an axis; the same array if it is linear. Negative amounts have no root: NaN. */
export function toAxis(values: Float32Array, scale: AxisScale): Float32Array {
  return scale === 'linear' ? values : values.map(Math.sqrt)
}

/** Returns the value at a coordinate along an axis. */
export function fromAxis(place: number, scale: AxisScale): number {
  return scale === 'linear' ? place : Math.max(0, place) ** 2
}

/**
 * Returns round numbers of a square-root axis between two values: zero and 1, 2, 5 of each power, or even steps when
 * zoomed in.
 */
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
      // Parsed from text, because 2 * 10 ** -1 is not always exactly 0.2.
      const value = Number(`${step}e${power}`)
      if (value >= low && value <= high) ticks.push(value)
    }
  }
  return ticks
}

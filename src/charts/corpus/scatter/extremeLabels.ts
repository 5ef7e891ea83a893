import { estimateTextWidth, truncateText } from '../../labelText'
import type { Box } from '../../line/curveLabels'

/**
 * Returns the lowest or highest few points, one for each token type: a type that is further out replaces its own former
 * point.
 */
function outermost(
  x: Float32Array,
  y: Float32Array,
  types: Uint32Array,
  count: number,
  sign: 1 | -1,
): number[] {
  const kept: number[] = []
  for (let i = 0; i < y.length && count > 0; i++) {
    const value = sign * y[i]
    const full = kept.length === count
    // False for NaN.
    if (!(full ? value > sign * y[kept[count - 1]] : Number.isFinite(value))) continue
    if (!(Number.isFinite(value) && Number.isFinite(x[i]))) continue
    const same = kept.findIndex((other) => types[other] === types[i])
    if (same >= 0 && sign * y[kept[same]] >= value) continue
    if (same >= 0) kept.splice(same, 1)
    else if (full) kept.pop()
    const place = kept.findIndex((other) => sign * y[other] < value)
    kept.splice(place < 0 ? kept.length : place, 0, i)
  }
  return kept
}

/** Holds the number of points that are named at each end. */
export interface Extremes {
  readonly highest: number
  readonly lowest: number
}

/**
 * Returns the points to name: the highest and lowest by y, distinct types, outermost first, high and low in turn.
 *
 * @param types token id of each point
 */
export function extremePoints(
  x: Float32Array,
  y: Float32Array,
  types: Uint32Array,
  { highest, lowest }: Extremes,
): number[] {
  const high = outermost(x, y, types, highest, 1)
  const named = new Set(high.map((i) => types[i]))
  const low = outermost(x, y, types, lowest, -1).filter((i) => !named.has(types[i]))
  const points: number[] = []
  for (let k = 0; k < Math.max(high.length, low.length); k++) {
    if (k < high.length) points.push(high[k])
    if (k < low.length) points.push(low[k])
  }
  return points
}

export interface LabelWish {
  readonly id: number
  readonly text: string
  /** Position of the point, px. */
  readonly x: number
  readonly y: number
}

/** Holds a label next to its point; `x` is the start of the text, `y` its middle. */
export interface PlacedLabel extends LabelWish {
  readonly labelX: number
  readonly labelY: number
}

export const EXTREME_SIZE = 13
const HEIGHT = 16
const REACH = 8
const LONGEST = 120

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/**
 * Places labels next to their points, first come first served: right, left, above or below, inside the plot and never
 * over each other, a named point or an occupied box. A label without space is left out.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  plot: Box,
  taken: readonly Box[] = [],
): PlacedLabel[] {
  const shown = wishes.filter(
    ({ x, y }) => x >= plot.left && x <= plot.right && y >= plot.top && y <= plot.bottom,
  )
  const boxes: Box[] = [
    ...taken,
    ...shown.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 })),
  ]
  return shown.flatMap((wish): PlacedLabel[] => {
    const text = truncateText(wish.text, EXTREME_SIZE, LONGEST)
    const width = Math.ceil(estimateTextWidth(text, EXTREME_SIZE))
    const { x, y } = wish
    const places = [
      { left: x + REACH, top: y - HEIGHT / 2 },
      { left: x - REACH - width, top: y - HEIGHT / 2 },
      { left: x - width / 2, top: y - REACH - HEIGHT },
      { left: x - width / 2, top: y + REACH },
      { left: x + REACH, top: y - REACH - HEIGHT },
      { left: x + REACH, top: y + REACH },
      { left: x - REACH - width, top: y - REACH - HEIGHT },
      { left: x - REACH - width, top: y + REACH },
    ]
    for (const { left, top } of places) {
      const box = { left, top, right: left + width, bottom: top + HEIGHT }
      const within =
        left >= plot.left && box.right <= plot.right && top >= plot.top && box.bottom <= plot.bottom
      if (!within || boxes.some((other) => overlaps(box, other))) continue
      boxes.push(box)
      return [{ ...wish, text, labelX: left, labelY: top + HEIGHT / 2 }]
    }
    return []
  })
}

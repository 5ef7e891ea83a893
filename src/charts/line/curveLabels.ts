import { dodge } from '../dodge'
import { estimateTextWidth, truncateText } from '../labelText'

export const LABEL_SIZE = 12
const LABEL_HEIGHT = 15
/** Space between a line and its label, px. */
const CLEARANCE = 4

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface LabelledLine {
  readonly id: string
  readonly label: string
  readonly active: boolean
  /** Points from left to right, defined ones only. */
  readonly points: readonly Point[]
}

/**
 * Holds a direct label. `y` is the middle of its text; `leader` leads from the line's end to a label that had to move.
 */
export interface CurveLabel {
  readonly id: string
  readonly text: string
  readonly fullText: string
  readonly x: number
  readonly y: number
  readonly leader: string | null
}

/** Estimates a label's width; the active line's label is bold. */
function labelWidth({ label, active }: LabelledLine): number {
  return Math.ceil(estimateTextWidth(label, LABEL_SIZE, active ? 'bold' : 'regular'))
}

function labelOf(
  line: LabelledLine,
  maxWidth: number,
  x: number,
  y: number,
  leader: string | null,
): CurveLabel {
  const text = truncateText(line.label, LABEL_SIZE, maxWidth, line.active ? 'bold' : 'regular')
  return { id: line.id, text, fullText: line.label, x, y, leader }
}

/** Returns the width of the widest label, up to a limit. */
export function widestLabel(lines: readonly LabelledLine[], limit: number): number {
  return lines.reduce((widest, line) => Math.max(widest, Math.min(limit, labelWidth(line))), 0)
}

/** Places labels in the margin right of the plot, each next to its line's end, moved apart if they would overlap. */
export function placeEndLabels(lines: readonly LabelledLine[], plot: Box, maxWidth: number): CurveLabel[] {
  const ending = lines.filter(({ points }) => points.length > 0)
  const ends = ending.map(({ points }) => points[points.length - 1])
  const half = LABEL_HEIGHT / 2
  const places = dodge(
    ends.map(({ y }) => y),
    LABEL_HEIGHT,
    [plot.top - half, plot.bottom - 2],
  )
  return ending.map((line, i) => {
    const { x, y } = ends[i]
    const moved = Math.abs(places[i] - y) > CLEARANCE
    const leader = moved ? `M${x + 5},${y}L${plot.right + 14},${places[i]}` : null
    return labelOf(line, maxWidth, plot.right + (moved ? 17 : 9), places[i], leader)
  })
}

/** Returns the lowest and highest y of a line between two x, straight between its points; null if it has none there. */
function rangeOver(points: readonly Point[], left: number, right: number): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  const include = (y: number) => {
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  points.forEach((point, i) => {
    if (point.x >= left && point.x <= right) include(point.y)
    const next = points[i + 1]
    if (!next) return
    for (const x of [left, right]) {
      if (x > point.x && x < next.x)
        include(point.y + ((next.y - point.y) * (x - point.x)) / (next.x - point.x))
    }
  })
  return low <= high ? [low, high] : null
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** Returns the best free box next to a line, or null: near the line first, then near its end. */
function findRoom(
  line: LabelledLine,
  lines: readonly LabelledLine[],
  taken: readonly Box[],
  plot: Box,
  width: number,
): Box | null {
  let best: { box: Box; cost: number } | null = null
  for (const { x, y } of line.points) {
    const left = Math.max(plot.left + 2, Math.min(plot.right - width, x - width / 2))
    const right = left + width
    const own = rangeOver(line.points, left, right)
    if (own === null || width > plot.right - plot.left) continue
    for (const top of [own[0] - CLEARANCE - LABEL_HEIGHT, own[1] + CLEARANCE]) {
      const box = { left, top, right, bottom: top + LABEL_HEIGHT }
      if (top < plot.top || box.bottom > plot.bottom || taken.some((other) => overlaps(box, other))) continue
      const blocked = lines.some(({ points }) => {
        const range = rangeOver(points, left, right)
        return range !== null && box.top - 2 < range[1] && range[0] < box.bottom + 2
      })
      const distance = Math.abs(y - (top + LABEL_HEIGHT / 2))
      const cost = distance + (plot.right - x) / 40
      if (!blocked && (best === null || cost < best.cost)) best = { box, cost }
    }
  }
  return best?.box ?? null
}

/**
 * Places labels inside the plot, each next to its own line where no line and no label is; returns the rest unplaced.
 */
export function placeInnerLabels(
  lines: readonly LabelledLine[],
  plot: Box,
): { readonly placed: readonly CurveLabel[]; readonly unplaced: readonly LabelledLine[] } {
  const maxWidth = (plot.right - plot.left) * 0.6
  const taken: Box[] = []
  const placed: CurveLabel[] = []
  const unplaced: LabelledLine[] = []
  const ordered = [...lines].sort((a, b) => Number(b.active) - Number(a.active))
  for (const line of ordered) {
    const width = Math.min(maxWidth, labelWidth(line))
    const box = findRoom(line, lines, taken, plot, width)
    if (box) {
      taken.push(box)
      placed.push(labelOf(line, maxWidth, box.left, (box.top + box.bottom) / 2, null))
    } else if (line.points.length > 0) unplaced.push(line)
  }
  return { placed, unplaced }
}

/** Places labels in rows from (left, top) downwards, for lines without space next to them. */
export function flowLabels(
  lines: readonly LabelledLine[],
  { left, top, right }: Omit<Box, 'bottom'>,
): { readonly labels: readonly CurveLabel[]; readonly height: number } {
  let x = left
  let row = 0
  const labels = lines.map((line) => {
    const width = Math.min(right - left, labelWidth(line))
    if (x > left && x + width > right) {
      x = left
      row += 1
    }
    const label = labelOf(line, right - left, x, top + (row + 0.5) * LABEL_HEIGHT, null)
    x += width + 14
    return label
  })
  return { labels, height: lines.length > 0 ? (row + 1) * LABEL_HEIGHT : 0 }
}

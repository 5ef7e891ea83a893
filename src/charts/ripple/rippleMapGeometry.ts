import { type AmountScale, NO_STEP } from '../amountScale'
import { estimateTextWidth, truncateText } from '../labelText'
import { layerName, namedLayers, type Tick } from '../line/layerAxis'

/** Holds amounts by layer and position, row-major, h_0 first. */
export interface LayerPositionValues {
  /** [layers, positions] */
  readonly values: Float32Array
  readonly layers: number
  readonly positions: number
}

export interface Cell {
  readonly layer: number
  readonly position: number
}

export interface CellBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ColumnLabel {
  readonly position: number
  readonly text: string
  readonly fullText: string
  readonly x: number
  readonly chosen: boolean
}

export interface RippleMapGeometry {
  readonly layers: number
  readonly positions: number
  /** Width of the whole drawing, px; wider than the frame if the cells would be too narrow in it. */
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
  /** Angle of the column labels, degrees: 0 where they have the room to lie. */
  readonly labelAngle: number
  /** Width of a column, px; of the narrowest where columns are as wide as their words. */
  readonly cellWidth: number
  readonly cellHeight: number
  /** True if the drawing is wider than its frame. */
  readonly scrolls: boolean
  /** Right and lower edge of the cells. */
  readonly right: number
  readonly bottom: number
  readonly layerTicks: readonly Tick[]
  /** Returns the middle of a column, px. */
  centerOf(position: number): number
  boxOf(cell: Cell): CellBox
  /** Returns the cell at a place in px; null outside the cells. */
  cellAt(x: number, y: number): Cell | null
}

export const COLUMN_LABEL_SIZE = 11
/** Angle of the labels, degrees; a label ends under its column. */
const COLUMN_LABEL_ANGLE = -60

const MIN_CELL_WIDTH = 10
const MAX_CELL_WIDTH = 72
const MAP_HEIGHT = 210
const MIN_CELL_HEIGHT = 9
const MAX_CELL_HEIGHT = 18
const LEFT = 40
const RIGHT = 8
const TOP = 4
const GAP = 1
const MAX_LABEL_WIDTH = 74

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value))

const LABEL_RADIANS = (-COLUMN_LABEL_ANGLE * Math.PI) / 180

/** Least spacing, px, at which turned labels do not touch. */
const LABEL_SPACING = COLUMN_LABEL_SIZE / Math.sin(LABEL_RADIANS) + 1

/** Height of labels that lie under their columns, with the space above, px. */
const LYING_HEIGHT = 26
/** Space between two labels that lie, px. */
const LYING_GAP = 6

interface Columns {
  /** [n + 1] left edges of the columns and right edge of the last, px from the first; not rounded. */
  readonly edges: readonly number[]
  /** Width of the narrowest, px. */
  readonly cellWidth: number
  readonly labelAngle: number
  /** Space for the labels below the cells, px. */
  readonly labelHeight: number
}

/**
 * Places the columns and their labels: of one width where each word lies under its column; else as wide as the words, where
 * the whole text fits so and reads as a line; else of one width, with turned labels.
 */
function placeColumns(tokens: readonly string[], positions: number, room: number): Columns {
  const fitting = positions > 0 ? room / positions : MAX_CELL_WIDTH
  const cellWidth = clamp(fitting, MIN_CELL_WIDTH, MAX_CELL_WIDTH)
  const even = Array.from({ length: positions + 1 }, (_, position) => position * cellWidth)
  const labels = Array.from({ length: positions }, (_, position) =>
    estimateTextWidth(tokens[position] ?? '', COLUMN_LABEL_SIZE, 'bold'),
  )
  const longest = labels.reduce((longest, width) => Math.max(longest, width), 0)
  const lying = { labelAngle: 0, labelHeight: LYING_HEIGHT }
  if (longest + LYING_GAP <= cellWidth) return { edges: even, cellWidth, ...lying }
  const widths = labels.map((width) => Math.max(MIN_CELL_WIDTH, width + LYING_GAP))
  const spare = (room - widths.reduce((sum, width) => sum + width, 0)) / positions
  if (longest <= MAX_LABEL_WIDTH && spare >= 0) {
    let right = 0
    const edges = widths.map((width) => (right += width + spare))
    return { edges: [0, ...edges], cellWidth: Math.min(...widths) + spare, ...lying }
  }
  const turned = Math.min(longest, MAX_LABEL_WIDTH) * Math.sin(LABEL_RADIANS)
  const labelHeight = Math.ceil(16 + turned)
  return { edges: even, cellWidth, labelAngle: COLUMN_LABEL_ANGLE, labelHeight }
}

/** Returns the column in whose edges x lies. */
function columnAt(edges: readonly number[], x: number): number {
  const next = edges.findIndex((edge) => Math.round(edge) > x)
  return (next === -1 ? edges.length - 1 : next) - 1
}

/**
 * Lays out a ripple map: columns are positions, rows are layers with the embedding lowest. Cell edges are whole px, so
 * that gaps are even.
 *
 * @param shape layers L + 1, positions n; either may be 0
 * @param frameWidth px; below 10 px a column the drawing becomes wider than its frame
 * @param tokens column labels; the longest decides the space below the columns
 */
export function rippleMapGeometry(
  { layers, positions }: Pick<LayerPositionValues, 'layers' | 'positions'>,
  frameWidth: number,
  tokens: readonly string[] = [],
): RippleMapGeometry {
  const room = Math.max(0, frameWidth - LEFT - RIGHT)
  const scrolls = positions * MIN_CELL_WIDTH > room
  const { edges, cellWidth, labelAngle, labelHeight } = placeColumns(tokens, positions, room)
  const cellHeight = Math.floor(clamp(MAP_HEIGHT / Math.max(1, layers), MIN_CELL_HEIGHT, MAX_CELL_HEIGHT))
  const right = LEFT + Math.round(edges[positions])
  const bottom = TOP + layers * cellHeight
  const rowTop = (layer: number) => TOP + (layers - 1 - layer) * cellHeight
  const columnLeft = (position: number) => LEFT + Math.round(edges[position])
  // Every layer could be named, but a few are enough to read the height.
  const named = namedLayers(layers - 1, cellHeight, Math.max(14, (layers * cellHeight) / 3.5))
  return {
    layers,
    positions,
    width: Math.max(right + RIGHT, frameWidth),
    height: bottom + labelHeight,
    labelAngle,
    left: LEFT,
    top: TOP,
    right,
    bottom,
    cellWidth,
    cellHeight,
    scrolls,
    layerTicks: named.map((layer) => ({
      value: layer,
      position: rowTop(layer) + (cellHeight - GAP) / 2,
      formattedValue: layerName(layer),
    })),
    centerOf: (position) => LEFT + (edges[position] + edges[position + 1]) / 2,
    boxOf: ({ layer, position }) => ({
      x: columnLeft(position),
      y: rowTop(layer),
      width: columnLeft(position + 1) - columnLeft(position) - GAP,
      height: cellHeight - GAP,
    }),
    cellAt: (x, y) => {
      if (!(x >= LEFT && x < right && y >= TOP && y < bottom)) return null
      return {
        layer: layers - 1 - Math.floor((y - TOP) / cellHeight),
        position: columnAt(edges, x - LEFT),
      }
    },
  }
}

/**
 * Returns one path for each step of the scale that occurs: a few dozen nodes for any number of cells.
 *
 * @returns fill (null for values that are no number) and path data
 */
export function cellPaths(
  { values, layers, positions }: LayerPositionValues,
  geometry: RippleMapGeometry,
  scale: AmountScale,
): { readonly fill: string | null; readonly d: string }[] {
  const paths = new Map<number, string[]>()
  const columns = Array.from({ length: positions }, (_, position) => {
    const { x, width, height } = geometry.boxOf({ layer: 0, position })
    return { start: `M${x} `, end: `h${width}v${height}h${-width}z` }
  })
  for (let layer = 0; layer < layers; layer++) {
    const { y } = geometry.boxOf({ layer, position: 0 })
    for (let position = 0; position < positions; position++) {
      const step = scale.step(values[layer * positions + position] ?? Number.NaN)
      const part = columns[position].start + y + columns[position].end
      const parts = paths.get(step)
      if (parts) parts.push(part)
      else paths.set(step, [part])
    }
  }
  return Array.from(paths)
    .sort(([a], [b]) => a - b)
    .map(([step, parts]) => ({ fill: step === NO_STEP ? null : scale.colors[step], d: parts.join('') }))
}

/**
 * Returns the tokens that are named under the columns: always the chosen ones and the one under the cursor, and as many
 * of the rest, evenly, as fit between them.
 *
 * @param tokens by position
 */
export function columnLabels(
  geometry: RippleMapGeometry,
  tokens: readonly string[],
  chosen: readonly number[],
  current: number | null = null,
): ColumnLabel[] {
  const { positions, cellWidth, labelAngle } = geometry
  const stride = labelAngle === 0 ? 1 : Math.max(1, Math.ceil(LABEL_SPACING / cellWidth - 1e-6))
  const isChosen = new Set(chosen)
  const always = new Set(current === null ? isChosen : [...isChosen, current])
  const labels: ColumnLabel[] = []
  for (let position = 0; position < positions; position++) {
    if (!always.has(position)) {
      if (position % stride !== 0) continue
      let crowded = false
      for (let near = position - stride + 1; near < position + stride; near++) crowded ||= always.has(near)
      if (crowded) continue
    }
    const fullText = tokens[position] ?? ''
    labels.push({
      position,
      text: truncateText(fullText, COLUMN_LABEL_SIZE, MAX_LABEL_WIDTH, 'bold'),
      fullText,
      x: Math.round(10 * geometry.centerOf(position)) / 10,
      chosen: isChosen.has(position),
    })
  }
  return labels
}

/** Returns the scroll position that shows a column; the present one if it is already visible. */
export function scrollToColumn(
  geometry: RippleMapGeometry,
  position: number,
  { scrollLeft, frameWidth }: { readonly scrollLeft: number; readonly frameWidth: number },
): number {
  const { x, width } = geometry.boxOf({ layer: 0, position })
  const margin = 2 * geometry.cellWidth
  if (x - geometry.left - margin >= scrollLeft && x + width + margin <= scrollLeft + frameWidth)
    return scrollLeft
  return clamp(x + width / 2 - frameWidth / 2, 0, Math.max(0, geometry.width - frameWidth))
}

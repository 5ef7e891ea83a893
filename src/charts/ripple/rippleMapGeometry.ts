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
  readonly cellWidth: number
  readonly cellHeight: number
  /** True if the drawing is wider than its frame. */
  readonly scrolls: boolean
  /** Right and lower edge of the cells. */
  readonly right: number
  readonly bottom: number
  readonly layerTicks: readonly Tick[]
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

/** Returns how the labels stand under columns of a width: lying where each has the room, else turned. */
function labelPlace(tokens: readonly string[], cellWidth: number): { angle: number; height: number } {
  const longest = tokens.reduce(
    (width, token) => Math.max(width, estimateTextWidth(token, COLUMN_LABEL_SIZE, 'bold')),
    0,
  )
  if (longest + LYING_GAP <= cellWidth) return { angle: 0, height: LYING_HEIGHT }
  const turned = Math.min(longest, MAX_LABEL_WIDTH) * Math.sin(LABEL_RADIANS)
  return { angle: COLUMN_LABEL_ANGLE, height: Math.ceil(16 + turned) }
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
  const fitting = positions > 0 ? room / positions : MAX_CELL_WIDTH
  const scrolls = fitting < MIN_CELL_WIDTH
  const cellWidth = clamp(fitting, MIN_CELL_WIDTH, MAX_CELL_WIDTH)
  const cellHeight = Math.floor(clamp(MAP_HEIGHT / Math.max(1, layers), MIN_CELL_HEIGHT, MAX_CELL_HEIGHT))
  const label = labelPlace(tokens, cellWidth)
  const right = LEFT + Math.round(positions * cellWidth)
  const bottom = TOP + layers * cellHeight
  const rowTop = (layer: number) => TOP + (layers - 1 - layer) * cellHeight
  const columnLeft = (position: number) => LEFT + Math.round(position * cellWidth)
  // Every layer could be named, but a few are enough to read the height.
  const named = namedLayers(layers - 1, cellHeight, Math.max(14, (layers * cellHeight) / 3.5))
  return {
    layers,
    positions,
    width: Math.max(right + RIGHT, frameWidth),
    height: bottom + label.height,
    labelAngle: label.angle,
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
        position: Math.min(positions - 1, Math.floor((x - LEFT) / cellWidth)),
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
  const { positions, cellWidth, left } = geometry
  const stride = Math.max(1, Math.ceil(LABEL_SPACING / cellWidth - 1e-6))
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
      x: Math.round(10 * (left + (position + 0.5) * cellWidth)) / 10,
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

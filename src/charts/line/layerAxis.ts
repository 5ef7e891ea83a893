/** Holds one tick of an axis; `position` in px. */
export interface Tick {
  readonly value: number
  readonly position: number
  readonly formattedValue: string
}

/** Names a layer. h_0 is the output of the embedding layer, so it is no encoder layer. */
export function layerName(layer: number): string {
  return layer === 0 ? 'emb' : String(layer)
}

/** Names a relative depth l / L on an axis. */
export function depthName(depth: number): string {
  return depth === 0 ? 'emb' : `${Number(depth.toFixed(2))}`
}

/** Names a layer in a sentence. */
export function spokenLayer(layer: number): string {
  return layer === 0 ? 'embedding layer' : `layer ${layer}`
}

/** Names a relative depth in a sentence. */
export function spokenDepth(depth: number): string {
  return depth === 0 ? spokenLayer(0) : `depth ${depthName(depth)} of all layers`
}

/** Describes an axis of places other than layers. */
export interface PlaceAxis {
  /** Name of the axis, under its numbers. */
  readonly label: string
  readonly extent: readonly [number, number]
  /** Places that the axis names. */
  readonly ticks: readonly number[]
  readonly name: (place: number) => string
  /** Names a place in a sentence. */
  readonly spoken: (place: number) => string
}

/** Axis of relative depths l / L, for lines of models of different depth. */
export const DEPTH_AXIS: PlaceAxis = {
  label: 'relative depth, layer l of L →',
  extent: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  name: depthName,
  spoken: spokenDepth,
}

const STEPS = [1, 2, 3, 4, 6, 8, 12, 24]

/**
 * Returns the layers that an axis names: always the first and the last, and even steps between if there is space.
 *
 * @param last L, the last layer; -1 for none
 * @param spacing px between two layers
 * @param room px that a name needs
 */
export function namedLayers(last: number, spacing: number, room: number): number[] {
  if (last < 0) return []
  if (last === 0) return [0]
  const step = STEPS.find((candidate) => candidate * spacing >= room) ?? last
  const named: number[] = []
  for (let layer = 0; layer < last && (last - layer) * spacing >= room; layer += step) named.push(layer)
  if (named.length === 0) named.push(0)
  return [...named, last]
}

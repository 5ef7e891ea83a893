/** One tick of an axis: where its mark and its word stand, in px. */
export interface Tick {
  readonly value: number
  readonly position: number
  readonly formattedValue: string
}

/** h_0 is the embedding layer's output, so it is no encoder layer. */
export function layerName(layer: number): string {
  return layer === 0 ? 'emb' : String(layer)
}

/** A relative depth l / L on an axis. */
export function depthName(depth: number): string {
  return depth === 0 ? 'emb' : `${Number(depth.toFixed(2))}`
}

/** As a person says it. */
export function spokenLayer(layer: number): string {
  return layer === 0 ? 'embedding layer' : `layer ${layer}`
}

/** A relative depth, as a person says it. */
export function spokenDepth(depth: number): string {
  return depth === 0 ? spokenLayer(0) : `depth ${depthName(depth)} of all layers`
}

const STEPS = [1, 2, 3, 4, 6, 8, 12, 24]

/**
 * Which layers an axis names: the first and the last always, and even steps between where they have room.
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

/** Layers of two models that are compared with each other. */
export interface LayerPair {
  /** l / L of the deeper model, 0..1. */
  readonly depth: number
  readonly first: number
  readonly second: number
}

/**
 * Which layers of two models stand at the same relative depth l / L: one row a layer of the deeper model, beside it the
 * nearest of the other, of two equally near the later. Where both have as many, layer l stands beside layer l.
 *
 * @param first L of the first: its last layer
 * @param second L of the second
 */
export function layerPairs(first: number, second: number): LayerPair[] {
  const deeper = Math.max(first, second)
  return Array.from({ length: deeper + 1 }, (_, layer) => {
    const depth = deeper === 0 ? 0 : layer / deeper
    return { depth, first: Math.round(depth * first), second: Math.round(depth * second) }
  })
}

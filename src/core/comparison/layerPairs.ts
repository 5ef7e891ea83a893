/** Holds a layer of each of two models, which are compared with each other. */
export interface LayerPair {
  /** Relative depth l / L in the deeper model, 0..1. */
  readonly depth: number
  readonly first: number
  readonly second: number
}

/**
 * Pairs the layers of two models by relative depth l / L: one row per layer of the deeper model, with the nearest layer
 * of the other, the later of two equally near. If both have equally many layers, layer l is paired with layer l.
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

import type { StatePatch } from './statePatch'

/** Most tokens that the patched runs of one forward hold together; attention takes their number times the text's. */
export const MAX_PATCHED_TOKENS = 2048

/** Parts of one layer: the substituted positions, all others, and the one that the head reads. */
export const LAYER_PARTS = ['own', 'others', 'read'] as const
export type LayerPart = (typeof LAYER_PARTS)[number]

/** Parts of a layer and all of it, which carries the whole effect by definition: what the others are held against. */
export const CARRIERS = [...LAYER_PARTS, 'whole'] as const
export type Carrier = (typeof CARRIERS)[number]

/** Holds a patch of a sweep under its name: `cellKey`, `columnKey` or `partKey`. */
export interface SweepPatch {
  readonly key: string
  readonly patch: StatePatch
}

/** Holds patches of a sweep that begin at one layer, and run in one forward. */
export interface SweepBatch {
  readonly patches: readonly SweepPatch[]
  /** Layers computed, in rows times layers: what it costs, in units of a layer. */
  readonly cost: number
}

export interface SweepShape {
  /** L + 1 */
  readonly layers: number
  /** n */
  readonly positions: number
  /** Substituted positions. */
  readonly own: readonly number[]
  /** Position that the head reads; null where it reads them all, or there is none. */
  readonly read: number | null
  /** Positions on screen, whose cells come first. */
  readonly visible: readonly number[]
  /** [L+1, n] distances: a state that did not move changes nothing by taking the other's place. */
  readonly distances: ArrayLike<number>
}

export const cellKey = (layer: number, position: number) => `${layer}/${position}`
export const columnKey = (position: number) => `*/${position}`

/** Returns the name of a part of a layer; that of its cell where it is one. */
export function partKey(
  shape: Pick<SweepShape, 'positions' | 'own' | 'read'>,
  layer: number,
  part: LayerPart,
): string {
  const at = partPositions(shape, part)
  return at.length === 1 ? cellKey(layer, at[0]) : `${layer}/${part}`
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Returns the positions of a part of a layer; empty if there is none. */
export function partPositions(
  { positions, own, read }: Pick<SweepShape, 'positions' | 'own' | 'read'>,
  part: Carrier,
): number[] {
  if (part === 'whole') return range(positions)
  if (part === 'own') return [...own]
  if (part === 'others') return range(positions).filter((position) => !own.includes(position))
  return read === null ? [] : [read]
}

/** Says whether the state of a cell moved at all. */
export const hasMoved = (
  { positions, distances }: Pick<SweepShape, 'positions' | 'distances'>,
  layer: number,
  position: number,
): boolean => distances[layer * positions + position] !== 0

/** Returns the patch of one cell. */
export const cellPatch = (layer: number, position: number): SweepPatch => ({
  key: cellKey(layer, position),
  patch: { layers: [layer], positions: [position] },
})

/**
 * Returns all patches of a sweep in the order in which they are run: the parts of each layer, whole positions, then
 * cells, those on screen first and the last layers, which cost least, before the others. Cells whose state did not move
 * are left out.
 *
 * @param known leaves out what is known already
 */
export function sweepPatches(shape: SweepShape, known: (key: string) => boolean = () => false): SweepPatch[] {
  const { layers, positions, visible } = shape
  const moved = (layer: number) => (position: number) => hasMoved(shape, layer, position)
  const parts = range(layers).flatMap((layer) =>
    LAYER_PARTS.map((part): SweepPatch => {
      const at = partPositions(shape, part).filter(moved(layer))
      return { key: partKey(shape, layer, part), patch: { layers: [layer], positions: at } }
    }),
  )
  const shown = visible.filter((position) => position < positions)
  const order = [...new Set([...shown, ...range(positions)])]
  const columns = order.map((position): SweepPatch => {
    const at = range(layers).filter((layer) => hasMoved(shape, layer, position))
    return { key: columnKey(position), patch: { layers: at, positions: [position] } }
  })
  const cells = [shown, order.slice(new Set(shown).size)].flatMap((group) =>
    range(layers)
      .reverse()
      .flatMap((layer) => group.filter(moved(layer)).map((position) => cellPatch(layer, position))),
  )
  const seen = new Set<string>()
  return [...parts, ...columns, ...cells].filter(({ key, patch }) => {
    if (patch.layers.length === 0 || patch.positions.length === 0 || known(key) || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Returns the first layer that a patch touches. */
const firstLayer = ({ patch }: SweepPatch) => Math.min(...patch.layers)

/**
 * Returns the next patches to run together: those at the front that begin at one layer, as many as fit, so that the
 * layers below it are computed once.
 *
 * @param patches in the order of the sweep, not empty
 * @param layers L + 1
 * @param most rows, 1 or more
 */
export function nextBatch(patches: readonly SweepPatch[], layers: number, most: number): SweepBatch {
  const from = firstLayer(patches[0])
  const end = patches.findIndex((patch) => firstLayer(patch) !== from)
  const same = end < 0 ? patches : patches.slice(0, end)
  // Even parts: a last one of a single row would compute the layers below for itself.
  const rows = Math.ceil(same.length / Math.ceil(same.length / most))
  return { patches: same.slice(0, rows), cost: from + rows * (layers - 1 - from) }
}

/** Returns what the patches cost together, in units of a layer. */
export function sweepCost(patches: readonly SweepPatch[], layers: number, most: number): number {
  let cost = 0
  for (let rest = patches; rest.length > 0; ) {
    const batch = nextBatch(rest, layers, most)
    cost += batch.cost
    rest = rest.slice(batch.patches.length)
  }
  return cost
}

/** Returns how many rows of a text of this length fit into one forward. */
export const rowsOf = (positions: number): number => Math.max(1, Math.floor(MAX_PATCHED_TOKENS / positions))

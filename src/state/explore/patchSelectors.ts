import { formatCsv } from '../../core/exports/csv'
import {
  effectShare,
  isWithinRounding,
  type PatchedRun,
  type PatchedRuns,
} from '../../core/measures/patching'
import {
  cellKey,
  columnKey,
  hasMoved,
  LAYER_PARTS,
  type LayerPart,
  partKey,
} from '../../core/measures/patchSweep'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import type { PatchedChange } from '../results'
import { OWN } from '../side/side'
import { activePatches, type PatchSubject, patchSubject } from './patchSubject'

/** Holds the shares of an effect that states carry, by cell, by position and by part of a layer. */
export interface Shares {
  readonly subject: PatchSubject
  readonly change: PatchedChange
  /** [L+1, n]; NaN while it is not known, 0 where the state did not move. */
  readonly cells: Float32Array
  /** [n] of all layers of a position. */
  readonly columns: readonly number[]
  /** [L+1] of each part of a layer. */
  readonly parts: Readonly<Record<LayerPart, readonly number[]>>
  /** True if the effect is no more than rounding: then no share has a meaning. */
  readonly nothing: boolean
}

function sharesOf(subject: PatchSubject, change: PatchedChange): Shares {
  const { shape } = subject
  const { layers, positions, own, read } = shape
  const { outcome, runs } = change
  const shareOf = (key: string): number => {
    const run = runs.get(key)
    return run && outcome ? effectShare(outcome, run.value) : Number.NaN
  }
  const nothing = outcome !== null && isWithinRounding(outcome)
  const still = nothing ? Number.NaN : 0
  const cells = Float32Array.from({ length: layers * positions }, (_, i) => {
    const [layer, position] = [Math.floor(i / positions), i % positions]
    return hasMoved(shape, layer, position) ? shareOf(cellKey(layer, position)) : still
  })
  const moves = (layer: number, part: LayerPart) =>
    Array.from({ length: positions }, (_, position) => position).some((position) => {
      const inPart =
        part === 'own'
          ? own.includes(position)
          : part === 'read'
            ? position === read
            : !own.includes(position)
      return inPart && hasMoved(shape, layer, position)
    })
  const byLayer = (part: LayerPart) =>
    Array.from({ length: layers }, (_, layer) =>
      part === 'read' && read === null
        ? Number.NaN
        : moves(layer, part)
          ? shareOf(partKey(shape, layer, part))
          : still,
    )
  return {
    subject,
    change,
    cells,
    columns: Array.from({ length: positions }, (_, position) => shareOf(columnKey(position))),
    parts: { own: byLayer('own'), others: byLayer('others'), read: byLayer('read') },
    nothing,
  }
}

/** Returns the shares of the present change's effect, as far as they are known; null before it is measured. */
export const effectShares = memoizeSides(
  (state: AppState, side) => [patchSubject(state, side), activePatches(state, side)],
  (state, side): Shares | null => {
    const subject = patchSubject(state, side)
    const change = activePatches(state, side)
    return subject && change && sharesOf(subject, change)
  },
)

/** Returns the run of one cell; null while it is not known. */
export function patchedCell(
  { change }: Shares,
  { layer, position }: { readonly layer: number; readonly position: number },
): PatchedRun | null {
  return change.runs.get(cellKey(layer, position)) ?? null
}

function shareIn(
  outcome: Omit<PatchedRuns, 'runs'>,
  { runs }: PatchedChange,
  layer: number,
  position: number,
): number | null {
  const run = runs.get(cellKey(layer, position))
  return run ? effectShare(outcome, run.value) : null
}

/** Returns the runs of a change as CSV; null before any. */
export function exportSharesCsv(state: AppState, side = OWN): string | null {
  const table = sharesTable(state, side)
  return table && formatCsv(table.columns, table.rows)
}

/** Returns the runs of a change as a table: `part` is `cell`, `position` (all layers) or a part of a layer; null before any. */
export function sharesTable(state: AppState, side = OWN) {
  const shares = effectShares(state, side)
  const outcome = shares?.change.outcome
  if (!shares || !outcome) return null
  const { subject, change, cells } = shares
  const { layers, positions } = subject.shape
  const texts = subject.tokenized.tokens
  const value = (key: string) => change.runs.get(key)?.value ?? null
  const common = {
    direction: change.direction,
    outcome: outcome.outcome,
    before: outcome.before,
    after: outcome.after,
  }
  const layerIndexes = Array.from({ length: layers }, (_, layer) => layer)
  const rows = [
    ...layerIndexes.flatMap((layer) =>
      LAYER_PARTS.map((part) => ({
        part: part as string,
        layer: layer as number | null,
        position: null as number | null,
        token: null as string | null,
        share: shares.parts[part][layer],
        value: value(partKey(subject.shape, layer, part)),
      })),
    ),
    ...texts.map(({ text }, position) => ({
      part: 'position',
      layer: null,
      position,
      token: text,
      share: shares.columns[position],
      value: value(columnKey(position)),
    })),
    ...layerIndexes.flatMap((layer) =>
      texts.map(({ text }, position) => ({
        part: 'cell',
        layer,
        position,
        token: text,
        // Of a state that did not move, 0; of others in float64.
        share: shareIn(outcome, change, layer, position) ?? cells[layer * positions + position],
        value: value(cellKey(layer, position)),
      })),
    ),
  ]
  return {
    columns: [
      ...['part', 'layer', 'position', 'token', 'share', 'value', 'direction'],
      ...['outcome', 'before', 'after'],
    ],
    rows: rows.filter(({ share }) => Number.isFinite(share)).map((row) => ({ ...row, ...common })),
  }
}

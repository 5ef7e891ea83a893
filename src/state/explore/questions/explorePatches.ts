import { failureOf } from '../../../core/failure'
import type { PatchedRun, PatchedRuns } from '../../../core/measures/patching'
import {
  cellKey,
  cellPatch,
  nextBatch,
  rowsOf,
  type SweepPatch,
  sweepCost,
  sweepPatches,
} from '../../../core/measures/patchSweep'
import { failed, idle, loading, ready } from '../../resource'
import { idsOf, type PatchedChange } from '../../results'
import { type Side, withSide } from '../../side/side'
import { type PatchSubject, patchSubject, showsShares } from '../patchSubject'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext, optionsOf } from './exploreContext'

/** Number of changes whose runs are held, for undo and for the other direction. */
const CHANGES_KEPT = 12

/** Time that one part of a sweep should take, ms: a click waits for as long at most. */
const PART_MS = 1000
/** Rows of the first part, before it is known how long one takes. */
const FIRST_ROWS = 4

/** Holds what is known of one change. */
interface Known {
  outcome: Omit<PatchedRuns, 'runs'> | null
  runs: ReadonlyMap<string, PatchedRun>
}

/**
 * Runs a change with states of the other text in their place: a cell that was clicked at once, a sweep over all of them in
 * parts, between which a click goes first. What is known is kept, so that a sweep that was stopped goes on.
 */
export function createPatchesStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const kept = new Map<string, Known>()
  const own = () => store.getState().sides[side]
  const write = (patches: Side['patches']) => store.setState((state) => withSide(state, side, { patches }))
  let shown: string | null = null
  let sweeping: string | null = null
  let asked: string | null = null
  let run = 0
  /** Measured time of one layer of one row, ms; null before any. */
  let layerMs: number | null = null

  const keyOf = ({ key }: PatchSubject) => `${context.generation}|${key}`

  function knownOf(subject: PatchSubject): Known {
    const key = keyOf(subject)
    const known = kept.get(key) ?? { outcome: null, runs: new Map() }
    kept.delete(key)
    kept.set(key, known)
    for (const oldest of kept.keys()) {
      if (kept.size <= CHANGES_KEPT) break
      kept.delete(oldest)
    }
    return known
  }

  /** Returns the sweep's remaining patches, and what is known so far. */
  function soFar(subject: PatchSubject): {
    readonly change: PatchedChange
    readonly rest: readonly SweepPatch[]
  } {
    const { tokenized, substitutions, direction, place, shape } = subject
    const { outcome, runs } = knownOf(subject)
    const whole = { ...shape, visible: store.getState().visiblePositions }
    const rest = sweepPatches(whole, (key) => runs.has(key))
    const total = sweepPatches(whole).length
    const most = rowsOf(shape.positions)
    const { pace } = own()
    const ahead = pace === null ? null : (pace * shape.positions) / (shape.layers - 1)
    const ms = layerMs ?? ahead
    const msLeft = ms === null ? null : sweepCost(rest, shape.layers, most) * ms
    return {
      change: {
        tokenized,
        substitutions,
        direction,
        place,
        outcome,
        runs,
        done: total - rest.length,
        total,
        msLeft,
      },
      rest,
    }
  }

  async function patch(subject: PatchSubject, patches: readonly SweepPatch[], now: boolean): Promise<void> {
    const { tokenized, substitutions, direction, place } = subject
    const request = {
      inputIds: idsOf(tokenized),
      substitutions,
      direction,
      place,
      patches: patches.map(({ patch }) => patch),
    }
    const options = now ? optionsOf(context, 'patch') : { priority: 'ahead' as const }
    const { runs, ...outcome } = await answering(context).patch(request, options)
    const known = knownOf(subject)
    known.outcome = outcome
    known.runs = new Map([...known.runs, ...patches.map(({ key }, i) => [key, runs[i]] as const)])
  }

  const isShown = (subject: PatchSubject) => shown === keyOf(subject)
  const isBusy = () => sweeping !== null || asked !== null

  function show(subject: PatchSubject): void {
    if (!isShown(subject)) return
    const { change } = soFar(subject)
    write(isBusy() ? loading(change) : ready(change))
  }

  function fails(subject: PatchSubject, thrown: unknown): void {
    const failure = failureOf(thrown)
    if (!isShown(subject)) return
    if (failure.kind === 'cancelled') {
      show(subject)
      return
    }
    // Nothing is asked again until the user does.
    const wanted = { ...own().wanted, cell: null, sweep: null }
    const patches = failed(failure, soFar(subject).change)
    store.setState((state) => withSide(state, side, { patches, wanted }))
  }

  async function sweep(subject: PatchSubject): Promise<void> {
    const key = keyOf(subject)
    const mine = ++run
    sweeping = key
    const { layers, positions } = subject.shape
    const goesOn = () => mine === run && isShown(subject) && own().wanted.sweep === subject.key
    try {
      while (goesOn()) {
        const { rest } = soFar(subject)
        if (rest.length === 0) break
        const rows = layerMs === null ? FIRST_ROWS : Math.floor(PART_MS / (layerMs * (layers - 1)))
        const batch = nextBatch(rest, layers, Math.min(rowsOf(positions), Math.max(1, rows)))
        const started = performance.now()
        await patch(subject, batch.patches, false)
        layerMs = (performance.now() - started) / Math.max(1, batch.cost)
        show(subject)
      }
    } catch (thrown) {
      if (mine !== run) return
      sweeping = null
      fails(subject, thrown)
      return
    }
    if (mine !== run) return
    sweeping = null
    show(subject)
    onSettled()
  }

  async function askCell(subject: PatchSubject, cell: SweepPatch): Promise<void> {
    const mine = `${keyOf(subject)}|${cell.key}`
    asked = mine
    show(subject)
    try {
      await patch(subject, [cell], true)
    } catch (thrown) {
      if (asked === mine) asked = null
      fails(subject, thrown)
      return
    }
    if (asked === mine) asked = null
    show(subject)
    onSettled()
  }

  return {
    get pending() {
      return asked !== null
    },
    update: () => {
      const state = store.getState()
      const subject = showsShares(state) && context.isLive ? patchSubject(state, side) : null
      if (!subject) {
        if (shown === null) return
        shown = null
        run++
        sweeping = null
        asked = null
        write(idle())
        return
      }
      const { wanted } = state.sides[side]
      if (!isShown(subject)) {
        run++
        sweeping = null
        asked = null
        shown = keyOf(subject)
        show(subject)
      }
      const { runs } = knownOf(subject)
      const { cell } = wanted
      if (cell && !runs.has(cellKey(cell.layer, cell.position))) {
        const fits = cell.layer < subject.shape.layers && cell.position < subject.shape.positions
        const one = cellPatch(cell.layer, cell.position)
        if (fits && asked !== `${keyOf(subject)}|${one.key}`) void askCell(subject, one)
      }
      if (wanted.sweep === subject.key && sweeping !== keyOf(subject)) {
        if (soFar(subject).rest.length === 0) return
        void sweep(subject)
        show(subject)
      }
      if (wanted.sweep !== subject.key && sweeping !== null) {
        run++
        sweeping = null
        show(subject)
      }
    },
    retry: () => {},
    stop: () => {
      run++
      sweeping = null
      asked = null
    },
  }
}

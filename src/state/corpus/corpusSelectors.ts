import type { CorpusSource, StoredRun } from '../../core/corpus/corpusService'
import type { ScatterPoints } from '../../core/corpus/figures/figures'
import type { SessionRun } from '../../core/corpus/sessionRun'
import { type ShippedRun, shippedRunOf } from '../../core/corpus/shippedRuns'
import type { Provenance } from '../../core/session/provenance'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import type { Resource } from '../resource'
import { isRunOf } from './corpusSettings'
import { sourceOf } from './corpusSource'

/** Says whether a run is reading or measuring at this moment. */
export function isRunning({ corpus }: AppState): boolean {
  return corpus.progress?.status === 'reading' || corpus.progress?.status === 'running'
}

/**
 * Returns the run that a link or a change of settings asks for, if another one is open; null if there is nothing to
 * offer.
 */
export function offeredRun(state: AppState): SessionRun | null {
  const { session, corpus } = state
  const { status, value } = corpus.run
  if (!session.run || isRunning(state) || status === 'idle' || status === 'loading') return null
  return value && isRunOf(value.header, session.run) ? null : session.run
}

/** Returns the source of the next run's texts; null if they have to be chosen (again). */
export function nextSource({ session, corpus }: AppState): CorpusSource | null {
  return corpus.source ?? memoizedSource(session)
}

const memoizedSource = memoize(
  ({ run }: AppState['session']) => [run?.source ?? null],
  ({ run }) => sourceOf(run?.source ?? null),
)

/** Returns the newest saved run that did not finish and is not the open one; null if there is none. */
export function interruptedRun({ corpus }: AppState): StoredRun | null {
  const open = corpus.run.value?.header.id
  return (
    corpus.stored.value?.find(
      ({ header, progress }) =>
        header.id !== open && (progress.status === 'running' || progress.status === 'paused'),
    ) ?? null
  )
}

/** Returns `bert-base · fp32 · WASM × 2`. */
export function provenanceText({ modelId, precision, device }: Provenance): string {
  return [modelId, precision, device].filter((part) => part !== '').join(' · ')
}

/** Describes the open run if it came with the page; null for any other. */
export function shippedRun({ corpus }: AppState): ShippedRun | null {
  const header = corpus.run.value?.header
  return header?.origin.kind === 'shipped' ? shippedRunOf(header.id) : null
}

/** Returns the provenance of the open run's numbers; null while none is open. */
export function runProvenance({ corpus }: AppState): string | null {
  const provenance = corpus.run.value?.header.provenance
  return provenance ? provenanceText(provenance) : null
}

/** Returns the selected points among those drawn now, ascending; null if there are none. */
export function selectedPoints({ corpus: { selection, scatter } }: AppState): Uint32Array | null {
  const { points, indices } = selection
  return indices.length > 0 && points !== null && points === scatter.value ? indices : null
}

/** Holds the selected points of one token. */
export interface SelectionRow {
  readonly tokenId: number
  readonly token: string
  /** Number of occurrences in the selected points. */
  readonly count: number
  /** Commonness, 0..1. */
  readonly commonness: number
  /** Mean over those occurrences, in the norm shown. */
  readonly shift: number
}

/** Returns the selected points by token, sorted by count, then by token id. */
export function selectionRows(
  points: ScatterPoints,
  indices: Uint32Array,
  nameOf: (tokenId: number) => string,
): SelectionRow[] {
  const byToken = new Map<number, { count: number; sum: number; commonness: number }>()
  for (const index of indices) {
    const tokenId = points.tokenIds[index]
    const count = points.counts[index]
    const row = byToken.get(tokenId) ?? { count: 0, sum: 0, commonness: points.commonness[index] }
    row.count += count
    row.sum += count * points.shift[index]
    byToken.set(tokenId, row)
  }
  return Array.from(byToken, ([tokenId, { count, sum, commonness }]) => ({
    tokenId,
    token: nameOf(tokenId),
    count,
    commonness,
    shift: sum / count,
  })).sort((a, b) => b.count - a.count || a.tokenId - b.tokenId)
}

/** Says whether the first run is loading, so that none of it can be shown in its final place. */
export function isArriving({ corpus: { run, progress, figures, scatter } }: AppState): boolean {
  if (run.status === 'error' || figures.failure) return false
  if (run.value === null) return progress === null
  const isComing = ({ value, failure }: Resource<unknown>) => value === null && failure === null
  const whole = progress?.status === 'finished' || run.value.header.origin.kind === 'shipped'
  return whole && (isComing(figures) || isComing(scatter))
}

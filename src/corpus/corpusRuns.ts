import * as v from 'valibot'
import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusService, RunListener, RunSlot, StoredRun } from '../core/corpus/corpusService'
import type { TokenNames } from '../core/corpus/run'
import { runSettingsSchema } from '../core/corpus/runLinkSchema'
import { runTokenNames } from '../core/corpus/runTokenNames'
import { type Failure, fail } from '../core/failure'
import { createComparedRun } from './comparedRun'
import { type RunFile, readRunFile } from './files/runFile'
import { type OpenRun, openKeptRun, openRunFile, storedRunOf } from './openRun'
import { labelValues } from './readers/labelValues'
import { type CorpusOptions, previewSource } from './readers/openCorpus'
import type { CallLimits } from './run/measureSequence'
import { readNewRun } from './run/newRun'
import type { RunLocks } from './runLocks'
import { createRunQuestions } from './runQuestions'
import { createSharedRuns } from './sharedRuns'
import { fetchShippedRun } from './shippedRun'
import type { KeptRun, RunStore } from './store/runStore'

export interface CorpusRunsOptions {
  readonly engine: CorpusEngine
  readonly store: RunStore
  readonly locks: RunLocks
  readonly limits: CallLimits
  /** Address of the page's folder, with a trailing slash. */
  readonly base: string
  readonly fetch?: typeof globalThis.fetch
  /** Address of the Hub; the public one by default. */
  readonly hub?: CorpusOptions['hub']
  /** Returns a warning to show with the progress, such as full storage; null: none. */
  readonly notice?: () => Failure | null
  /** Milliseconds. */
  readonly now?: () => number
}

/** Ignores all events of the second run, which is not measured. */
const SILENT: RunListener = {
  progress: () => undefined,
  figures: () => undefined,
  malformed: () => undefined,
}

/** Holds the run that the page shows. */
interface Current {
  readonly run: OpenRun
  readonly listener: RunListener | null
}

/**
 * Manages runs over a corpus: reads, samples, measures, stores and counts. One run is open at a time; another one that
 * is running is paused, and stays in the store.
 */
export function createCorpusRuns(options: CorpusRunsOptions): CorpusService {
  const {
    engine,
    store,
    locks,
    limits,
    base,
    hub,
    notice = () => null,
    now = () => performance.now(),
  } = options
  const shared = createSharedRuns(store, locks)
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
  let current: Current | null = null
  let reading: { readonly abort: AbortController; paused: boolean } | null = null
  /** Number of runs opened so far: an answer that comes after another was opened is dropped. */
  let opened = 0
  /** Resolves when the run that was left has stopped. */
  let leaving: Promise<unknown> = Promise.resolve()

  /** Stops what is running. The next run may be shown meanwhile, but not measured. */
  function leave(): number {
    const left = current
    reading?.abort.abort()
    reading = null
    current = null
    leaving = leaving.then(() => left?.run.runner?.pause())
    return ++opened
  }

  function show(mine: number, run: OpenRun, listener: RunListener | null = null): OpenRun {
    if (mine !== opened) fail('cancelled', 'Another run was opened.')
    current = { run, listener }
    return run
  }

  const openRun = () => current?.run ?? fail('not-ready', 'No run is open.')

  const openKept = (kept: KeptRun, listener: RunListener) =>
    openKeptRun(kept, { engine, store, limits, listener, notice, now })

  /** Measures the open run until it stops, locked against other tabs. */
  async function goOn(mine: number): Promise<void> {
    await leaving
    const { run, listener } = current ?? fail('not-ready', 'No run is open.')
    await run.runner?.settled()
    await shared.withLock(run.header.id, async (unlock) => {
      const kept = await store.load(run.header.id)
      const stored = kept?.batches.filter(({ complete }) => complete).length
      // Another tab continued it since it was opened here.
      const isStale = kept !== null && listener !== null && stored !== run.runner?.batches
      const { runner } = show(mine, isStale ? await openKept(kept, listener) : run, listener)
      await runner?.start()
      if (mine !== opened) await runner?.pause()
      void runner?.settled().then(unlock)
    })
  }

  /** Returns the token names of a run; null unless its model is open. */
  async function namesOf(run: OpenRun): Promise<TokenNames | null> {
    try {
      const { provenance } = await engine.info()
      if (provenance.sha256 !== run.header.provenance.sha256) return null
      return runTokenNames({ tables: run.tables(), counts: run.counts }, await engine.vocabulary())
    } catch {
      return null
    }
  }

  const openFile = (file: RunFile, mine: number): StoredRun =>
    storedRunOf(show(mine, openRunFile(file, engine)))

  const compared = createComparedRun({
    openRun,
    namesOf,
    read: async (choice) => {
      if (choice.kind === 'kept') return openKept(await shared.load(choice.runId), SILENT)
      return openRunFile(
        await (choice.kind === 'file' ? readRunFile(choice.file) : fetchShippedRun(choice.id, base, fetch)),
        engine,
      )
    },
  })

  /** Says whether the open run's texts are still being read, so that it has no records. */
  const isRead = (slot: RunSlot = 'open') => slot === 'open' && reading !== null && current === null

  return {
    ...createRunQuestions({ at: compared.at, isRead, namesOf }),

    preview: (source, { signal } = {}) => previewSource(source, { base, fetch, hub, signal }),
    labelValues: (source, column, { signal } = {}) =>
      labelValues(source, column, { base, fetch, hub, signal }),

    async start(source, settings, listener) {
      const checked = v.safeParse(runSettingsSchema, settings)
      if (!checked.success) {
        const [issue] = checked.issues
        fail('invalid-request', `The run cannot start: ${v.getDotPath(issue)} is out of its bounds.`)
      }
      const mine = leave()
      const state = { abort: new AbortController(), paused: false }
      reading = state
      try {
        await leaving
        const { signal } = state.abort
        const run = await readNewRun(source, settings, {
          engine,
          reading: { base, fetch, hub, signal },
          listener,
          now,
        })
        await store.create(run)
        const kept = await openKept({ ...run, batches: [] }, listener)
        const { header, progress } = show(mine, kept, listener)
        if (state.paused) listener.progress(progress)
        else await goOn(mine)
        return header
      } finally {
        if (reading === state) reading = null
      }
    },

    async stored() {
      const kept = await store.list()
      return Promise.all(
        kept.map(async (summary) => {
          const open = current?.run
          return open?.header.id === summary.header.id ? storedRunOf(open) : shared.describe(summary)
        }),
      )
    },

    async open(runId, listener) {
      const mine = leave()
      await leaving
      return storedRunOf(show(mine, await openKept(await shared.load(runId), listener), listener))
    },

    async openFile(file) {
      const before = opened
      // A damaged file does not change what is open.
      const run = await readRunFile(file)
      if (before !== opened) fail('cancelled', 'Another run was opened.')
      return openFile(run, leave())
    },

    async openShipped(id) {
      const mine = leave()
      return openFile(await fetchShippedRun(id, base, fetch), mine)
    },

    compareWith: (choice) => compared.keep(choice),

    async pause() {
      if (reading) reading.paused = true
      await current?.run.runner?.pause()
    },

    async resume() {
      if (reading) {
        reading.paused = false
        return
      }
      const { runner, hasTexts, progress } = openRun()
      if (progress.status === 'finished' || progress.status === 'running') return
      if (!runner || !hasTexts) {
        fail('invalid-request', 'This run came without its texts, so it cannot go on.', {
          kept: 'Its records stay open.',
          advice: 'Start a run over the same corpus.',
        })
      }
      await goOn(opened)
    },

    async cancel() {
      reading?.abort.abort()
      const run = current?.run
      if (!run?.runner) return
      if (run.progress.status === 'running') return run.runner.cancel()
      await run.runner.settled()
      await shared.withLock(run.header.id, async (unlock) => {
        await run.runner?.cancel()
        unlock()
      })
    },

    async remove(runId) {
      const isOpen = () => current?.run.header.id === runId
      if (isOpen()) await current?.run.runner?.pause()
      await leaving
      await shared.withLock(runId, async (unlock) => {
        await store.remove(runId)
        unlock()
      })
      if (isOpen()) leave()
    },
  }
}

import * as v from 'valibot'
import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusService, RunListener, RunSlot, StoredRun } from '../core/corpus/corpusService'
import type { Figures } from '../core/corpus/figures'
import { emptyTables } from '../core/corpus/recordBuilder'
import type { TokenNames } from '../core/corpus/run'
import { runSettingsSchema } from '../core/corpus/runLinkSchema'
import { runTokenNames } from '../core/corpus/runTokenNames'
import { scatterPoints } from '../core/corpus/scatterPoints'
import { type Failure, FailureError, fail } from '../core/failure'
import { createBesideRun } from './besideRun'
import { type RunFile, readRunFile } from './files/runFile'
import { writeRecords } from './files/writeRecords'
import type { CallLimits } from './measureSequence'
import { createRun } from './newRun'
import { type OpenRun, openKeptRun, openRunFile, runOf, storedRunOf } from './openRun'
import { type CorpusOptions, previewSource } from './readers/openCorpus'
import type { RunLocks } from './runLocks'
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
  /** Where the hub answers; the public one by default. */
  readonly hub?: CorpusOptions['hub']
  /** Something to say beside any progress: storage is full. */
  readonly notice?: () => Failure | null
  /** Milliseconds. */
  readonly now?: () => number
}

const NO_FIGURES: Figures = {
  frequency: null,
  commonness: null,
  propagation: null,
  identifiability: null,
  effect: null,
  pairs: null,
  perturbations: null,
}

const NO_COUNTS = { tokenIds: new Uint32Array(), counts: new Uint32Array() }

/** A run beside the open one does nothing that could be told. */
const SILENT: RunListener = {
  progress: () => undefined,
  figures: () => undefined,
  malformed: () => undefined,
}

const ELSEWHERE: Failure = {
  kind: 'not-ready',
  message: 'This run goes on in another tab.',
  kept: 'What it had stored by now is shown.',
  advice: 'Pause it there to go on here.',
}

/** What the page looks at. */
interface Current {
  readonly run: OpenRun
  readonly listener: RunListener | null
}

/**
 * Runs over a corpus: reads, samples, measures, stores and counts. One run is open at a time; another one that is under
 * way is paused, and stays in the store.
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
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
  let current: Current | null = null
  let reading: { readonly abort: AbortController; paused: boolean } | null = null
  /** Counts what was opened: an answer that comes after something else was opened is dropped. */
  let opened = 0
  /** Until the run that was left has come to rest. */
  let leaving: Promise<unknown> = Promise.resolve()

  /** Ends what is under way. The next run may be looked at meanwhile, but not measured. */
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

  /** A run as another tab, or a page that was closed, left it. */
  async function loadKept(runId: string): Promise<KeptRun> {
    const kept = await store.load(runId)
    if (!kept) {
      return fail('storage', 'That run is no longer kept in this browser.', {
        advice: 'Open its file, where it was downloaded, or start it again.',
      })
    }
    if (kept.progress.status !== 'running') return kept
    const failure = (await locks.isHeld(runId)) ? ELSEWHERE : null
    return { ...kept, progress: { ...kept.progress, status: 'paused', secondsLeft: null, failure } }
  }

  async function withLock<T>(runId: string, work: (unlock: () => void) => Promise<T>): Promise<T> {
    const unlock = await locks.acquire(runId)
    if (!unlock) throw new FailureError(ELSEWHERE)
    try {
      return await work(unlock)
    } catch (thrown) {
      unlock()
      throw thrown
    }
  }

  /** Measures the open run until it comes to rest, locked against other tabs. */
  async function goOn(mine: number): Promise<void> {
    await leaving
    const { run, listener } = current ?? fail('not-ready', 'No run is open.')
    await run.runner?.settled()
    await withLock(run.header.id, async (unlock) => {
      const kept = await store.load(run.header.id)
      const stored = kept?.batches.filter(({ complete }) => complete).length
      // Another tab went on with it since it was opened here.
      const isStale = kept !== null && listener !== null && stored !== run.runner?.batches
      const { runner } = show(mine, isStale ? await openKept(kept, listener) : run, listener)
      await runner?.start()
      if (mine !== opened) await runner?.pause()
      void runner?.settled().then(unlock)
    })
  }

  /** Null while another model is open, or none. */
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

  const beside = createBesideRun({
    openRun,
    namesOf,
    read: async (choice) => {
      if (choice.kind === 'kept') return openKept(await loadKept(choice.runId), SILENT)
      return openRunFile(
        await (choice.kind === 'file' ? readRunFile(choice.file) : fetchShippedRun(base, fetch)),
        engine,
      )
    },
  })

  /** Whether the open run is still being read, so that there is nothing of it. */
  const isRead = (slot: RunSlot = 'open') => slot === 'open' && reading !== null && current === null

  return {
    preview: (source) => previewSource(source, { base, fetch, hub }),

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
        const kept = await createRun(source, settings, {
          engine,
          store,
          reading: { base, fetch, hub, signal },
          listener,
          now,
        })
        const { header, progress } = show(mine, await openKept(kept, listener), listener)
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
        kept.map(async ({ header, progress }): Promise<StoredRun> => {
          if (current?.run.header.id === header.id) return storedRunOf(current.run)
          const isLeft = progress.status === 'running' && !(await locks.isHeld(header.id))
          return {
            header,
            progress: isLeft ? { ...progress, status: 'paused', secondsLeft: null } : progress,
            hasTexts: header.sampled > 0,
            tokenNames: null,
          }
        }),
      )
    },

    async open(runId, listener) {
      const mine = leave()
      await leaving
      return storedRunOf(show(mine, await openKept(await loadKept(runId), listener), listener))
    },

    async openFile(file) {
      const before = opened
      // A damaged file leaves what is open as it is.
      const run = await readRunFile(file)
      if (before !== opened) fail('cancelled', 'Another run was opened.')
      return openFile(run, leave())
    },

    async openShipped() {
      const mine = leave()
      return openFile(await fetchShippedRun(base, fetch), mine)
    },

    keepBeside: (choice) => beside.keep(choice),

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
      await withLock(run.header.id, async (unlock) => {
        await run.runner?.cancel()
        unlock()
      })
    },

    async remove(runId) {
      const isOpen = () => current?.run.header.id === runId
      if (isOpen()) await current?.run.runner?.pause()
      await leaving
      await withLock(runId, async (unlock) => {
        await store.remove(runId)
        unlock()
      })
      if (isOpen()) leave()
    },

    counts: async () => (isRead() ? NO_COUNTS : openRun().counts),
    figures: async ({ norm, run }) => (isRead(run) ? NO_FIGURES : beside.at(run).figures(norm)),
    async scatter({ run, ...wanted }) {
      if (isRead(run)) return scatterPoints(emptyTables(0), NO_COUNTS, wanted)
      const { counts, tables } = beside.at(run)
      return scatterPoints(tables(), counts, wanted)
    },
    async contexts(rows, { table = 'occurrences', run } = {}) {
      const { contexts, tables } = beside.at(run)
      return contexts(tables()[table], rows)
    },
    text: async (sequence, run) => beside.at(run).text(sequence),
    async download(format) {
      const run = openRun()
      return writeRecords(runOf(run), format, run.tokenNames ?? (await namesOf(run)))
    },
  }
}

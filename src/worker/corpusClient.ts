import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { BesideChoice, CorpusService, RunListener, StoredRun } from '../core/corpus/corpusService'
import type { RunHeader, RunProgress } from '../core/corpus/run'
import { type Failure, fail, failureOf } from '../core/failure'
import { type CorpusConnection, connectCorpusWorker } from './corpusConnection'
import type { ServiceMethod } from './corpusProtocol'
import { Restarts } from './restarts'
import type { WorkerLike } from './workerConnection'

export interface CorpusClientOptions {
  readonly createWorker: () => WorkerLike
  /** Answers on the page, behind the user's own requests. */
  readonly engine: CorpusEngine
  /** Address of the page's folder, with a trailing slash. */
  readonly base: string
  /** A clock, ms. */
  readonly now?: () => number
}

export interface CorpusClient extends CorpusService {
  /** Ends the worker; what is stored stays. */
  dispose(): void
}

/** How the open run is opened again in another worker. */
interface Reopening {
  readonly method: 'open' | 'openFile' | 'openShipped'
  readonly args: readonly unknown[]
  readonly listener: RunListener
  /** As it was told last. */
  progress: RunProgress | null
}

/** The open run as another worker finds it again; null where it cannot. */
function besideChoice(open: Reopening | null): BesideChoice | null {
  const [argument] = open?.args ?? []
  if (open?.method === 'openShipped') return { kind: 'shipped' }
  if (argument instanceof Blob) return { kind: 'file', file: argument }
  return typeof argument === 'string' ? { kind: 'kept', runId: argument } : null
}

const isOver = ({ status }: RunProgress) => status === 'finished' || status === 'cancelled'

/**
 * The page's CorpusService: in a worker that starts with the first call. Where the worker dies, another one opens the
 * same run from the store; a run that was under way is then paused, and its progress says why.
 */
export function createCorpusClient(options: CorpusClientOptions): CorpusClient {
  let connection: CorpusConnection | null = null
  let open: Reopening | null = null
  /** What was kept beside it. */
  let beside: BesideChoice | null = null
  let recovery: Promise<void> | null = null
  const restarts = new Restarts(options.now ?? (() => performance.now()))
  /** A worker died, and none was started since. */
  let died = false

  function connect(): CorpusConnection {
    if (connection) return connection
    if (died && !restarts.take()) {
      fail('worker-lost', 'The worker that reads and counts stopped again and again.', {
        kept: 'All complete batches are stored.',
        advice: 'Reload the page.',
      })
    }
    const fresh = connectCorpusWorker(options.createWorker(), options, (lost) => {
      if (connection !== fresh) return
      died = true
      connection = null
      fresh.terminate()
      const lostRun = open
      if (lostRun) recovery = recover(lostRun, lost.failure)
    })
    died = false
    connection = fresh
    return fresh
  }

  async function ask<T>(
    method: ServiceMethod,
    args: readonly unknown[] = [],
    listener: RunListener | null = null,
  ): Promise<T> {
    await recovery
    return (await connect().call(method, args, listener)) as T
  }

  async function recover(lost: Reopening, failure: Failure): Promise<void> {
    const wasOver = lost.progress !== null && isOver(lost.progress)
    try {
      if (beside)
        await connect()
          .call('keepBeside', [beside], null)
          .catch(() => undefined)
      const { progress } = (await connect().call(lost.method, lost.args, lost.listener)) as StoredRun
      if (open !== lost || wasOver) return
      lost.listener.progress({ ...progress, failure })
    } catch (thrown) {
      if (open !== lost || !lost.progress) return
      lost.listener.progress({
        ...lost.progress,
        status: 'failed',
        secondsLeft: null,
        failure: { ...failure, kept: undefined, advice: failureOf(thrown).message },
      })
    } finally {
      recovery = null
    }
  }

  /** Opens a run and remembers how, for another worker. */
  async function opening<T>(
    method: 'start' | Reopening['method'],
    args: readonly unknown[],
    listener: RunListener,
    again: (result: T) => Pick<Reopening, 'method' | 'args'>,
    progressOf: (result: T) => RunProgress | null,
  ): Promise<T> {
    const former = open
    open = null
    let latest: RunProgress | null = null
    let mine: Reopening | null = null
    const heard: RunListener = {
      progress: (progress) => {
        latest = progress
        if (mine) mine.progress = progress
        listener.progress(progress)
      },
      figures: (figures) => listener.figures(figures),
      malformed: (rows, total) => listener.malformed(rows, total),
    }
    const result = await ask<T>(method, args, heard).catch((thrown: unknown) => {
      // A file that cannot be read leaves the former run open.
      if (method === 'openFile') open ??= former
      throw thrown
    })
    mine = { ...again(result), listener: heard, progress: latest ?? progressOf(result) }
    open = mine
    return result
  }

  const storedProgress = ({ progress }: StoredRun) => progress

  return {
    preview: (source) => ask('preview', [source]),
    start: (source, settings, listener) =>
      opening<RunHeader>(
        'start',
        [source, settings],
        listener,
        ({ id }) => ({ method: 'open', args: [id] }),
        () => null,
      ),
    stored: () => ask('stored'),
    open: (runId, listener) =>
      opening('open', [runId], listener, () => ({ method: 'open', args: [runId] }), storedProgress),
    openFile: (file, listener) =>
      opening('openFile', [file], listener, () => ({ method: 'openFile', args: [file] }), storedProgress),
    openShipped: (listener) =>
      opening('openShipped', [], listener, () => ({ method: 'openShipped', args: [] }), storedProgress),
    async keepBeside(choice) {
      const again = choice?.kind === 'open' ? besideChoice(open) : choice
      const kept = await ask<StoredRun | null>('keepBeside', [choice])
      beside = again
      return kept
    },
    pause: () => ask('pause'),
    resume: () => ask('resume'),
    cancel: () => ask('cancel'),
    remove: (runId) => ask('remove', [runId]),
    counts: () => ask('counts'),
    figures: (request) => ask('figures', [request]),
    scatter: (request) => ask('scatter', [request]),
    contexts: (rows, options) => ask('contexts', [rows, options]),
    text: (sequence, run) => ask('text', [sequence, run]),
    download: (format) => ask('download', [format]),
    dispose() {
      open = null
      connection?.terminate()
      connection = null
    },
  }
}

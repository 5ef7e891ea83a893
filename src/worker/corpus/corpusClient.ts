import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { ComparedChoice, CorpusService, RunListener, StoredRun } from '../../core/corpus/corpusService'
import type { RunHeader, RunProgress } from '../../core/corpus/run'
import { type Failure, fail, failureOf } from '../../core/failure'
import { callOf, proxy } from '../../core/rpc'
import { Restarts } from '../restarts'
import { connectWorker, type WorkerConnection, type WorkerLike } from '../workerConnection'

export interface CorpusClientOptions {
  readonly createWorker: () => WorkerLike
  /** Engine that answers on the page, after the user's own requests. */
  readonly engine: CorpusEngine
  /** Address of the page's folder, with a trailing slash. */
  readonly base: string
  /** Returns the time, ms. */
  readonly now?: () => number
}

export interface CorpusClient extends CorpusService {
  /** Ends the worker; what is stored stays. */
  dispose(): void
}

type Opening = 'open' | 'openFile' | 'openShipped'

/** Holds the call that opens the open run again in another worker. */
interface Reopening {
  readonly method: Opening
  readonly args: readonly unknown[]
  readonly listener: RunListener
  /** Progress as last reported. */
  progress: RunProgress | null
}

/** Returns the choice by which another worker finds the open run again; null where it cannot. */
function comparedChoice(open: Reopening | null): ComparedChoice | null {
  const [argument] = open?.args ?? []
  if (open?.method === 'openShipped' && typeof argument === 'string') return { kind: 'shipped', id: argument }
  if (argument instanceof Blob) return { kind: 'file', file: argument }
  return typeof argument === 'string' ? { kind: 'kept', runId: argument } : null
}

const isOver = ({ status }: RunProgress) => status === 'finished' || status === 'cancelled'

/**
 * Creates the page's CorpusService in a worker that starts with the first call. Where the worker dies, another one
 * opens the same run from the store; a run that was under way is then paused, and its progress says why.
 */
export function createCorpusClient(options: CorpusClientOptions): CorpusClient {
  let connection: WorkerConnection | null = null
  let open: Reopening | null = null
  /** Second run, compared with the open one. */
  let compared: ComparedChoice | null = null
  let recovery: Promise<void> | null = null
  const restarts = new Restarts(options.now ?? (() => performance.now()))
  /** true if a worker died, and none was started since. */
  let died = false

  function connect(): WorkerConnection {
    if (connection) return connection
    if (died && !restarts.take()) {
      fail('worker-lost', 'The worker that reads and counts stopped again and again.', {
        kept: 'All complete batches are stored.',
        advice: 'Reload the page.',
      })
    }
    const fresh = connectWorker(options.createWorker(), {
      serve: callOf(options.engine),
      lost: (detail) => ({
        kind: 'worker-lost',
        message: `The worker that reads and counts stopped${detail}`,
        kept: 'All complete batches are stored.',
        advice: 'Resume to go on from there.',
      }),
      onLost: (failure) => {
        if (connection !== fresh) return
        died = true
        connection = null
        fresh.terminate()
        const lostRun = open
        if (lostRun) recovery = recover(lostRun, failure)
      },
    })
    fresh.call('connect', [options.base]).catch(() => undefined)
    died = false
    connection = fresh
    return fresh
  }

  async function ask(method: string, args: readonly unknown[]): Promise<unknown> {
    await recovery
    return connect().call(method, args)
  }

  async function recover(lost: Reopening, failure: Failure): Promise<void> {
    const wasOver = lost.progress !== null && isOver(lost.progress)
    try {
      const again = proxy<CorpusService>((method, args) => connect().call(method, args))
      if (compared) await again.compareWith(compared).catch(() => undefined)
      const { progress } = (await callOf(again)(lost.method, [...lost.args, lost.listener])) as StoredRun
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
    method: 'start' | Opening,
    args: readonly unknown[],
    listener: RunListener,
    again: (result: T) => Pick<Reopening, 'method' | 'args'> & { readonly progress: RunProgress | null },
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
    const result = (await ask(method, [...args, heard]).catch((thrown: unknown) => {
      // A file that cannot be read leaves the former run open.
      if (method === 'openFile') open ??= former
      throw thrown
    })) as T
    const reopening = again(result)
    mine = { ...reopening, listener: heard, progress: latest ?? reopening.progress }
    open = mine
    return result
  }

  const reopened = (method: Opening, args: readonly unknown[], listener: RunListener): Promise<StoredRun> =>
    opening<StoredRun>(method, args, listener, ({ progress }) => ({ method, args, progress }))

  const service = proxy<CorpusService>(ask)
  return proxy<CorpusClient>(ask, {
    start: (source, settings, listener) =>
      opening<RunHeader>('start', [source, settings], listener, ({ id }) => ({
        method: 'open',
        args: [id],
        progress: null,
      })),
    open: (runId, listener) => reopened('open', [runId], listener),
    openFile: (file, listener) => reopened('openFile', [file], listener),
    openShipped: (id, listener) => reopened('openShipped', [id], listener),
    async compareWith(choice) {
      const again = choice?.kind === 'open' ? comparedChoice(open) : choice
      const kept = await service.compareWith(choice)
      compared = again
      return kept
    },
    dispose() {
      open = null
      connection?.terminate()
      connection = null
    },
  })
}

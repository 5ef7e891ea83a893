import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type {
  Explorer,
  LoadProgress,
  ModelInfo,
  ModelSource,
  PrioritizedExplorer,
  Priority,
  RequestOptions,
} from '../core/explorer'
import { type Failure, FailureError, fail, failureOf } from '../core/failure'
import { type Call, proxy } from '../core/rpc'
import type { Provider } from '../engine/forward/webRuntime'
import { type AdapterSummary, findAdapter } from './device/adapter'
import { recallDevice, rememberDevice } from './device/deviceMemory'
import { GPU_LOST, KEPT, NO_ADAPTER, notOpened, replacedFailure } from './device/deviceNotes'
import { tryDevice } from './device/deviceTrial'
import { CORPUS, type StartOptions } from './explorerProtocol'
import { idlePause } from './idlePause'
import { withPatience } from './patience'
import { RequestQueue } from './requestQueue'
import { Restarts } from './restarts'
import { connectWorker, type WorkerConnection, type WorkerLike } from './workerConnection'

export type DevicePreference = 'auto' | Provider

/** Describes the model that answers after a change: on another device, or the same one started again. */
export interface ClientStatus {
  readonly info: ModelInfo
  /** Result of measuring the devices, one sentence; null before. */
  readonly note: string | null
  /** Loss after which the model was started again. */
  readonly lost?: Failure
}

export interface ExplorerClient extends PrioritizedExplorer {
  /** Engine for runs over a corpus: each call waits for everything that the page itself asks for. */
  readonly corpus: CorpusEngine
  /** Reopens the model on another device; the present one answers until then. */
  setDevicePreference(preference: DevicePreference): Promise<void>
  /** Stops a load under way: it rejects with `cancelled`, and its memory is given back. */
  cancelLoad(): void
  /**
   * Opens the model once more, in a worker of its own, on the device that does not answer now; null where the browser
   * offers no other.
   */
  openOtherDevice(signal: AbortSignal): Promise<OtherDeviceModel | null>
}

/** Holds the open model on another device than the one that answers; nothing starts it again once it is lost. */
export interface OtherDeviceModel {
  readonly explorer: Explorer
  readonly onGpu: boolean
  /** Ends its worker. */
  end(): void
}

export interface ClientOptions {
  readonly createWorker: () => WorkerLike
  readonly runtimeUrl: string
  readonly threads: number
  readonly storage: Storage | null
  readonly preference?: DevicePreference
  readonly onStatus: (status: ClientStatus) => void
  /** Reports that the open model is gone and could not be started again: nothing answers any more. */
  readonly onEnd?: (failure: Failure) => void
  readonly adapter?: () => Promise<AdapterSummary | null>
  /** Resolves when the page has nothing better to do. */
  readonly whenIdle?: () => Promise<void>
  /** Longest time that WebGPU may take without a sign of progress before WASM is opened instead, ms. */
  readonly gpuPatience?: number
  /** Returns the time, ms. */
  readonly now?: () => number
}

/** Holds a worker and the explorer in it. */
interface Worked extends WorkerConnection {
  readonly explorer: Explorer
}

interface Open {
  readonly connection: Worked
  readonly provider: Provider
  readonly info: ModelInfo
}

/** Methods that are answered at once, whatever waits: they take no forward. */
const AT_ONCE: ReadonlySet<string> = new Set<keyof Explorer>(['vocabulary', 'tokenize'])

const workerLost = (detail: string): Failure => ({
  kind: 'worker-lost',
  message: `The worker that runs the model stopped${detail}`,
  kept: KEPT,
  advice: 'It is started again.',
})

const stopped = (message: string) => new FailureError({ kind: 'cancelled', message })

/**
 * Creates the page's Explorer: a model in a worker, on a device chosen by measuring. WASM answers first; where a real
 * WebGPU adapter exists, idle time is used to check that it agrees and whether it is faster. A lost device or worker is
 * replaced and the request repeated. Each load and each change of device ends whatever was under way for the former
 * one; `dispose` is final.
 */
export function createExplorerClient(options: ClientOptions): ExplorerClient {
  const { adapter = findAdapter, whenIdle = idlePause, storage, gpuPatience = 90_000 } = options
  const { now = () => performance.now() } = options
  const queue = new RequestQueue()
  const restarts = new Restarts(now)
  let preference = options.preference ?? 'auto'
  let source: ModelSource | null = null
  let current: Open | null = null
  /** Stops what opens now. */
  let opening = new AbortController()
  /** Stops the trial of another device in the background. */
  let trial = new AbortController()
  let note: string | null = null
  let recovery: Promise<void> | null = null
  /** Reason why nothing answers until the model is loaded again. */
  let ended: Failure | null = null
  let disposed = false

  function connect(provider: Provider): Worked {
    const { runtimeUrl, threads } = options
    const start: StartOptions = { provider, runtimeUrl, threads }
    const { call, terminate } = connectWorker(options.createWorker(), { lost: workerLost })
    const load: Explorer['load'] = async (...args) => (await call('load', [start, ...args])) as ModelInfo
    return { call, terminate, explorer: proxy<Explorer>(call, { load }) }
  }

  /** Ends what is under way, for something newer. @returns the newer one's signal */
  function begin(): AbortSignal {
    if (disposed && ended) throw new FailureError(ended)
    const newer = stopped('Something newer was asked for.')
    opening.abort(newer)
    trial.abort(newer)
    opening = new AbortController()
    return opening.signal
  }

  async function open(
    provider: Provider,
    signal: AbortSignal,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<ModelInfo> {
    signal.throwIfAborted()
    if (!source) return fail('not-ready', 'No model was asked for.')
    const connection = connect(provider)
    signal.addEventListener('abort', connection.terminate)
    try {
      const info = await connection.explorer.load(source, onProgress)
      signal.throwIfAborted()
      current?.connection.terminate()
      current = { connection, provider, info }
      return info
    } catch (thrown) {
      connection.terminate()
      throw signal.aborted ? signal.reason : thrown
    } finally {
      signal.removeEventListener('abort', connection.terminate)
    }
  }

  const openOnGpu = (signal: AbortSignal, onProgress?: (progress: LoadProgress) => void) =>
    withPatience(gpuPatience, signal, (onSign, patient) =>
      open('webgpu', patient, (report) => {
        onSign()
        onProgress?.(report)
      }),
    )

  const recalled = (sha256: string, found: AdapterSummary | null) =>
    preference === 'auto' && found ? recallDevice(storage, sha256, found.name) : null

  /** Opens WebGPU where it was asked for or remembered, with WASM as the fallback. */
  async function openPreferred(
    signal: AbortSignal,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<ModelInfo> {
    const found = preference === 'wasm' ? null : await adapter()
    signal.throwIfAborted()
    // Only of the page's own models is the file known before it is open.
    const known = source?.kind === 'hosted' ? recalled(source.sha256, found) : null
    if (known) note = known.note
    if (preference === 'webgpu' && !found) note = NO_ADAPTER
    const wanted: Provider =
      found && (preference === 'webgpu' || known?.provider === 'webgpu') ? 'webgpu' : 'wasm'
    if (wanted === 'webgpu') {
      try {
        return await openOnGpu(signal, onProgress)
      } catch (thrown) {
        const failure = failureOf(thrown)
        if (failure.kind !== 'device-lost') throw thrown
        note = notOpened(failure)
      }
    }
    const info = await open('wasm', signal, onProgress)
    const remembered = known ?? recalled(info.provenance.sha256, found)
    if (remembered?.provider === 'wasm') note = remembered.note
    const settled = known !== null || remembered?.provider === 'wasm'
    // A model that this browser could not save would be downloaded a second time.
    const readAgain = info.details?.kept !== false
    if (preference === 'auto' && found && !found.fallback && !settled && readAgain) void tryInIdleTime(found)
    return info
  }

  async function tryInIdleTime(found: AdapterSummary): Promise<void> {
    const mine = new AbortController()
    trial = mine
    await whenIdle()
    const present = current
    if (mine.signal.aborted || !present || !source) return
    const candidate = connect('webgpu')
    mine.signal.addEventListener('abort', candidate.terminate)
    const end = await tryDevice({
      source,
      candidate: candidate.explorer,
      present: proxy<Explorer>(inTurn(present.connection.call, 'ahead')),
      adapter: found.name,
      signal: mine.signal,
      now,
    })
    mine.signal.removeEventListener('abort', candidate.terminate)
    if (!end?.info || mine.signal.aborted) candidate.terminate()
    if (!end || mine.signal.aborted) return
    const { choice, info } = end
    if (end.finished) rememberDevice(storage, present.info.provenance.sha256, found.name, choice)
    note = choice.note
    if (info) {
      current = { connection: candidate, provider: 'webgpu', info }
      present.connection.terminate()
    }
    options.onStatus({ info: info ?? present.info, note })
  }

  async function openOtherDevice(outer: AbortSignal): Promise<OtherDeviceModel | null> {
    const wanted = source
    if (!current || !wanted) return fail('not-ready', 'The model is not open yet.')
    const onGpu = current.provider === 'wasm'
    if (onGpu && !(await adapter())) return null
    outer.throwIfAborted()
    const { explorer, terminate } = connect(onGpu ? 'webgpu' : 'wasm')
    outer.addEventListener('abort', terminate)
    try {
      await withPatience(gpuPatience, outer, async (onSign, signal) => {
        signal.addEventListener('abort', terminate)
        return explorer.load(wanted, onSign).catch((thrown) => {
          throw signal.aborted ? signal.reason : thrown
        })
      })
      return { explorer, onGpu, end: terminate }
    } catch (thrown) {
      terminate()
      throw thrown
    }
  }

  async function restart(provider: Provider, lost: Failure): Promise<void> {
    if (!restarts.take()) {
      fail('worker-lost', 'The model stopped again and again.', {
        kept: KEPT,
        advice: 'Try again; if it stays so, reload the page.',
      })
    }
    if (lost.kind === 'device-lost') note = GPU_LOST
    const info = await open(provider, begin())
    options.onStatus({ info, note, lost: replacedFailure(lost) })
  }

  /** Starts the model again after a loss: on the same device where a worker died, on WASM where a GPU was lost. */
  function recover(failed: Worked, lost: Failure): Promise<void> {
    if (current?.connection !== failed) return recovery ?? Promise.resolve()
    const provider = lost.kind === 'device-lost' ? 'wasm' : current.provider
    current = null
    failed.terminate()
    recovery ??= restart(provider, lost)
      .catch((thrown: unknown) => {
        const failure = failureOf(thrown)
        if (failure.kind !== 'cancelled') {
          ended = failure
          options.onEnd?.(failure)
        }
        throw thrown
      })
      .finally(() => {
        recovery = null
      })
    return recovery
  }

  const ask: Call = async (method, args) => {
    if (recovery) await recovery
    const asked = current
    if (!asked && ended) throw new FailureError(ended)
    if (!asked) return fail('not-ready', 'The model is not open yet.')
    try {
      return await asked.connection.call(method, args)
    } catch (thrown) {
      const failure = failureOf(thrown)
      const { kind } = failure
      // Cancelled although nobody cancelled: the device was changed under the request.
      const replaced = kind === 'cancelled' && current !== null && current !== asked
      if (!replaced) {
        if (kind !== 'device-lost' && kind !== 'worker-lost') throw thrown
        await recover(asked.connection, failure)
      }
      const next = current
      if (!next) throw thrown
      return next.connection.call(method, args)
    }
  }

  /** Runs one call at a time, by the request's own options; a method in `AT_ONCE` never waits. */
  function inTurn(call: Call, priority: Priority): Call {
    return (method, args) => {
      if (AT_ONCE.has(method)) return call(method, args)
      const [request, requestOptions = { priority }] = args as [unknown, RequestOptions?]
      return queue.add(() => call(method, [request]), requestOptions)
    }
  }

  const asked = proxy<Explorer>(ask)
  return proxy<ExplorerClient>(inTurn(ask, 'soon'), {
    corpus: proxy<CorpusEngine>((method, args) =>
      queue.add(() => ask(`${CORPUS}${method}`, args), { priority: 'corpus' }),
    ),
    // The page's own text, not the worker's copy: texts of megabytes then compare by reference.
    tokenize: async (text) => ({ ...(await asked.tokenize(text)), text }),
    async load(wanted, onProgress) {
      const signal = begin()
      source = wanted
      restarts.reset()
      ended = null
      const info = await openPreferred(signal, onProgress)
      options.onStatus({ info, note })
      return info
    },
    cancelLoad: () => opening.abort(stopped('Stopped.')),
    openOtherDevice,
    async setDevicePreference(wanted) {
      preference = wanted
      note = null
      if (!source) return
      const info = await openPreferred(begin())
      options.onStatus({ info, note })
    },
    async dispose() {
      disposed = true
      ended = { kind: 'cancelled', message: 'The model was closed.' }
      const closed = new FailureError(ended)
      opening.abort(closed)
      trial.abort(closed)
      queue.clear()
      current?.connection.terminate()
      current = null
    },
  })
}

import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type {
  Explorer,
  LoadProgress,
  ModelInfo,
  ModelSource,
  PrioritizedExplorer,
  RequestOptions,
} from '../core/explorer'
import { type Failure, FailureError, fail, failureOf } from '../core/failure'
import type { Provider } from '../engine/webRuntime'
import { type AdapterSummary, findAdapter } from './adapter'
import { compareDevices, type DeviceComparison } from './deviceCheck'
import { type DeviceChoice, recallDevice, rememberDevice } from './deviceMemory'
import { callCorpusEngine, corpusEngineOver } from './protocol'
import { RequestQueue } from './requestQueue'
import { connectWorker, type WorkerConnection, type WorkerLike } from './workerConnection'

export type DevicePreference = 'auto' | Provider

/** The model that answers now changed: another device, or the same one started again. */
export interface ClientStatus {
  readonly info: ModelInfo
  /** What the measuring of devices found, one sentence; null before. */
  readonly note: string | null
  /** What was lost, where the model was started again for it. */
  readonly lost?: Failure
}

export interface ExplorerClient extends PrioritizedExplorer {
  /** Reopens the model on another device; the present one answers until then. */
  setDevicePreference(preference: DevicePreference): Promise<void>
  /** Stops a load under way: it rejects with `cancelled`, and its memory is given back. */
  cancelLoad(): void
  /** What a run over a corpus asks: each call waits behind everything the page itself asks for. */
  readonly corpus: CorpusEngine
}

export interface ClientOptions {
  readonly createWorker: () => WorkerLike
  readonly runtimeUrl: string
  readonly threads: number
  readonly storage: Storage | null
  readonly preference?: DevicePreference
  readonly onStatus: (status: ClientStatus) => void
  /** The model that was open is gone and could not be started again: nothing answers any more. */
  readonly onEnd?: (failure: Failure) => void
  readonly adapter?: () => Promise<AdapterSummary | null>
  /** Resolves when the page has nothing better to do. */
  readonly whenIdle?: () => Promise<void>
  /** How long WebGPU may take without a sign of progress before WASM is opened instead, ms. */
  readonly gpuPatience?: number
}

/** A worker that dies again and again is not started for ever. */
const MAX_RESTARTS = 3

const KEPT = 'Your text and pins are kept.'

/** What to say once something else answers in the place of what was lost. */
function replaced({ kind, message }: Failure): Failure {
  const again = 'and what was asked is measured again.'
  if (kind === 'device-lost') {
    const advice = `WASM took over, ${again}`
    return { kind, message: 'The WebGPU device was lost.', kept: KEPT, advice }
  }
  return { kind, message, kept: KEPT, advice: `It was started again, ${again}` }
}

const SOON: RequestOptions = { priority: 'soon' }
const AHEAD: RequestOptions = { priority: 'ahead' }

function idlePause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 10_000 })
      else resolve()
    }, 2000)
  })
}

function noteOf(adapter: string, { difference, timeRatio, agrees, chosen }: DeviceComparison): string {
  const found = `WebGPU (${adapter}) differed by at most ${difference.toExponential(1)} and took ${timeRatio.toFixed(2)} of WASM's time`
  if (!agrees) return `${found}: its numbers are not WASM's, so WASM is used.`
  return chosen ? `${found}: WebGPU is used.` : `${found}: WASM is used.`
}

/**
 * The page's Explorer: a model in a worker, on a device chosen by measuring. WASM answers first; where a real WebGPU
 * adapter exists, idle time is used to check that it agrees and whether it is faster. A lost device or worker is
 * replaced and the request repeated.
 */
export function createExplorerClient(options: ClientOptions): ExplorerClient {
  const { adapter = findAdapter, whenIdle = idlePause, storage, gpuPatience = 90_000 } = options
  const queue = new RequestQueue()
  let preference = options.preference ?? 'auto'
  let source: ModelSource | null = null
  let current: { readonly connection: WorkerConnection; readonly provider: Provider } | null = null
  let opening: WorkerConnection | null = null
  let lastInfo: ModelInfo | null = null
  let note: string | null = null
  let restarts = 0
  let recovery: Promise<void> | null = null
  /** Why nothing answers any more, until the model is loaded again. */
  let ended: Failure | null = null

  const connect = (provider: Provider) =>
    connectWorker(options.createWorker(), {
      provider,
      runtimeUrl: options.runtimeUrl,
      threads: options.threads,
    })

  async function open(provider: Provider, onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo> {
    if (!source) return fail('not-ready', 'No model was asked for.')
    opening?.terminate()
    const connection = connect(provider)
    opening = connection
    try {
      const info = await connection.load(source, onProgress)
      current?.connection.terminate()
      current = { connection, provider }
      return info
    } catch (thrown) {
      connection.terminate()
      throw thrown
    } finally {
      if (opening === connection) opening = null
    }
  }

  /** Drivers do hang: a GPU that shows no sign of progress counts as lost. */
  async function openOnGpu(onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo> {
    let timer: ReturnType<typeof setTimeout> | undefined
    let waitOn = () => {}
    const stuck = new Promise<never>((_, reject) => {
      const message = `it gave no answer for ${Math.round(gpuPatience / 1000)} s`
      waitOn = () => {
        clearTimeout(timer)
        timer = setTimeout(() => reject(new FailureError({ kind: 'device-lost', message })), gpuPatience)
      }
    })
    waitOn()
    const progress = (report: LoadProgress) => {
      waitOn()
      onProgress?.(report)
    }
    try {
      return await Promise.race([open('webgpu', progress), stuck])
    } catch (thrown) {
      opening?.terminate()
      throw thrown
    } finally {
      clearTimeout(timer)
    }
  }

  /** WebGPU where it was asked for or remembered, with WASM behind it. */
  async function openPreferred(onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo> {
    const found = preference === 'wasm' ? null : await adapter()
    // Only of the page's own models is the file known before it is open.
    const known = source?.kind === 'hosted' ? recalled(source.sha256, found) : null
    if (known) note = known.note
    if (preference === 'webgpu' && !found) note = 'This browser offers no WebGPU adapter: WASM is used.'
    const wanted: Provider =
      found && (preference === 'webgpu' || known?.provider === 'webgpu') ? 'webgpu' : 'wasm'
    if (wanted === 'webgpu') {
      try {
        return await openOnGpu(onProgress)
      } catch (thrown) {
        const failure = failureOf(thrown)
        if (failure.kind !== 'device-lost') throw thrown
        note = `WebGPU could not open this model (${failure.message}): WASM is used.`
      }
    }
    const info = await open('wasm', onProgress)
    const remembered = known ?? recalled(info.provenance.sha256, found)
    if (remembered?.provider === 'wasm') note = remembered.note
    const settled = known !== null || remembered?.provider === 'wasm'
    // What this browser could not keep would be fetched a second time.
    const readAgain = info.details?.kept !== false
    if (preference === 'auto' && found && !found.fallback && !settled && readAgain)
      void checkInIdleTime(found)
    return info
  }

  const recalled = (sha256: string, found: AdapterSummary | null) =>
    preference === 'auto' && found ? recallDevice(storage, sha256, found.name) : null

  async function checkInIdleTime(found: AdapterSummary): Promise<void> {
    await whenIdle()
    const present = current
    if (!present || !source || preference !== 'auto') return
    const candidate = connect('webgpu')
    let choice: DeviceChoice
    let info: ModelInfo | null = null
    try {
      info = await candidate.load(source)
      const behindTheUser: Explorer = {
        ...present.connection,
        measure: (request) => queue.add(() => present.connection.measure(request), { priority: 'ahead' }),
      }
      const comparison = await compareDevices(behindTheUser, candidate)
      choice = { provider: comparison.chosen ? 'webgpu' : 'wasm', note: noteOf(found.name, comparison) }
    } catch (thrown) {
      choice = {
        provider: 'wasm',
        note: `WebGPU (${found.name}) could not run this model (${failureOf(thrown).message}): WASM is used.`,
      }
    }
    if (lastInfo) rememberDevice(storage, lastInfo.provenance.sha256, found.name, choice)
    note = choice.note
    if (choice.provider === 'wasm' || current !== present || !info) {
      candidate.terminate()
      if (current === present && lastInfo) options.onStatus({ info: lastInfo, note })
      return
    }
    current = { connection: candidate, provider: 'webgpu' }
    present.connection.terminate()
    lastInfo = info
    options.onStatus({ info, note })
  }

  async function restart(provider: Provider, lost: Failure): Promise<void> {
    if (++restarts > MAX_RESTARTS) {
      fail('worker-lost', 'The model stopped again and again.', {
        kept: KEPT,
        advice: 'Try again; if it stays so, reload the page.',
      })
    }
    if (lost.kind === 'device-lost') note = 'The WebGPU device was lost: WASM took over.'
    lastInfo = await open(provider)
    options.onStatus({ info: lastInfo, note, lost: replaced(lost) })
  }

  /** After a loss: the same device once more where a worker died, WASM where a GPU was lost. */
  function recover(failed: WorkerConnection, lost: Failure): Promise<void> {
    if (current?.connection !== failed) return recovery ?? Promise.resolve()
    const provider = lost.kind === 'device-lost' ? 'wasm' : current.provider
    current = null
    failed.terminate()
    recovery ??= restart(provider, lost)
      .catch((thrown: unknown) => {
        const failure = failureOf(thrown)
        ended = failure
        if (failure.kind !== 'cancelled') options.onEnd?.(failure)
        throw thrown
      })
      .finally(() => {
        recovery = null
      })
    return recovery
  }

  async function ask<T>(work: (connection: WorkerConnection) => Promise<T>): Promise<T> {
    if (recovery) await recovery
    const asked = current
    if (!asked && ended) throw new FailureError(ended)
    if (!asked) return fail('not-ready', 'The model is not open yet.')
    try {
      return await work(asked.connection)
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
      return work(next.connection)
    }
  }

  return {
    async load(wanted, onProgress) {
      source = wanted
      restarts = 0
      ended = null
      lastInfo = await openPreferred(onProgress)
      options.onStatus({ info: lastInfo, note })
      return lastInfo
    },
    cancelLoad: () => opening?.terminate(),
    async setDevicePreference(wanted) {
      preference = wanted
      note = null
      if (!source) return
      lastInfo = await openPreferred()
      options.onStatus({ info: lastInfo, note })
    },
    vocabulary: () => ask((explorer) => explorer.vocabulary()),
    tokenize: (text) => ask((explorer) => explorer.tokenize(text)),
    neighbors: (request, priority = SOON) =>
      queue.add(() => ask((explorer) => explorer.neighbors(request)), priority),
    measure: (request, priority = SOON) =>
      queue.add(() => ask((explorer) => explorer.measure(request)), priority),
    closestTokens: (request, priority = SOON) =>
      queue.add(() => ask((explorer) => explorer.closestTokens(request)), priority),
    predictTokens: (request, priority = SOON) =>
      queue.add(() => ask((explorer) => explorer.predictTokens(request)), priority),
    tokenLikelihoods: (request, priority = AHEAD) =>
      queue.add(() => ask((explorer) => explorer.tokenLikelihoods(request)), priority),
    corpus: corpusEngineOver((method, args) =>
      queue.add(() => ask(({ corpus }) => callCorpusEngine(corpus, method, args)), { priority: 'corpus' }),
    ),
    async dispose() {
      queue.clear()
      opening?.terminate()
      current?.connection.terminate()
      current = null
    },
  }
}

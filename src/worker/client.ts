import type { Explorer, LoadProgress, ModelInfo, ModelSource } from '../core/explorer'
import { type Failure, FailureError, fail, failureOf } from '../core/failure'
import type { Provider } from '../engine/webRuntime'
import { type AdapterSummary, findAdapter } from './adapter'
import { compareDevices } from './deviceCheck'
import { type DeviceChoice, recallDevice, rememberDevice } from './deviceMemory'
import { comparisonNote, GPU_LOST, KEPT, NO_ADAPTER, notOpened, notRun, replacedFailure } from './deviceNotes'
import { idlePause } from './idlePause'
import { withPatience } from './patience'
import { createQueuedExplorer, type QueuedExplorer } from './queuedExplorer'
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

export interface ExplorerClient extends QueuedExplorer, Pick<Explorer, 'load' | 'dispose'> {
  /** Reopens the model on another device; the present one answers until then. */
  setDevicePreference(preference: DevicePreference): Promise<void>
  /** Stops a load under way: it rejects with `cancelled`, and its memory is given back. */
  cancelLoad(): void
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

  async function openOnGpu(onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo> {
    try {
      return await withPatience(gpuPatience, (onSign) =>
        open('webgpu', (report) => {
          onSign()
          onProgress?.(report)
        }),
      )
    } catch (thrown) {
      opening?.terminate()
      throw thrown
    }
  }

  /** WebGPU where it was asked for or remembered, with WASM behind it. */
  async function openPreferred(onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo> {
    const found = preference === 'wasm' ? null : await adapter()
    // Only of the page's own models is the file known before it is open.
    const known = source?.kind === 'hosted' ? recalled(source.sha256, found) : null
    if (known) note = known.note
    if (preference === 'webgpu' && !found) note = NO_ADAPTER
    const wanted: Provider =
      found && (preference === 'webgpu' || known?.provider === 'webgpu') ? 'webgpu' : 'wasm'
    if (wanted === 'webgpu') {
      try {
        return await openOnGpu(onProgress)
      } catch (thrown) {
        const failure = failureOf(thrown)
        if (failure.kind !== 'device-lost') throw thrown
        note = notOpened(failure)
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
      choice = {
        provider: comparison.chosen ? 'webgpu' : 'wasm',
        note: comparisonNote(found.name, comparison),
      }
    } catch (thrown) {
      choice = { provider: 'wasm', note: notRun(found.name, failureOf(thrown)) }
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
    if (lost.kind === 'device-lost') note = GPU_LOST
    lastInfo = await open(provider)
    options.onStatus({ info: lastInfo, note, lost: replacedFailure(lost) })
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
    ...createQueuedExplorer(queue, ask),
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
    async dispose() {
      queue.clear()
      opening?.terminate()
      current?.connection.terminate()
      current = null
    },
  }
}

import type { Failure } from '../core/failure'
import { type ClientStatus, createExplorerClient, type DevicePreference, type ExplorerClient } from './client'
import { hearRequests } from './requests'
import { hearEnd } from './workerEnd'

/** Most threads; more do not speed up a model of this size. */
const MAX_THREADS = 8

/** Returns the number of threads that the page may have: one, where the host sends no COOP and COEP. */
function availableThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MAX_THREADS) : 1
}

function localStorageOrNull(): Storage | null {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}

/** Creates the explorer client with a real worker, as the page uses it. */
export function createPageExplorer(options: {
  readonly preference?: DevicePreference
  readonly onStatus: (status: ClientStatus) => void
  readonly onEnd?: (failure: Failure) => void
}): ExplorerClient {
  return createExplorerClient({
    ...options,
    createWorker: () =>
      hearEnd(
        hearRequests(
          new Worker(new URL('./explorer.worker.ts', import.meta.url), { type: 'module', name: 'explorer' }),
        ),
      ),
    runtimeUrl: new URL('runtime/', document.baseURI).href,
    threads: availableThreads(),
    storage: localStorageOrNull(),
  })
}

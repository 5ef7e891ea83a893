import type { PrecacheEntry } from 'workbox-precaching'

/** Holds what the build writes into the service worker (scripts/buildServiceWorker.mjs). */
interface ServiceWorkerSetup {
  /** Files that are saved when the worker is installed. */
  readonly always: PrecacheEntry[]
  /** Files that are saved once this browser has used them. */
  readonly onUse: PrecacheEntry[]
  /** Headers of the page and of its workers, added where the host sends none of its own. */
  readonly headers: Readonly<Record<string, string>>
}

declare global {
  const __SERVICE_WORKER__: ServiceWorkerSetup
}

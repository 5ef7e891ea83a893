import type { PrecacheEntry } from 'workbox-precaching'

/** Holds what the build writes into the service worker (scripts/buildServiceWorker.mjs). */
interface ServiceWorkerSetup {
  /** Kept when the worker is installed. */
  readonly always: PrecacheEntry[]
  /** Kept once this browser has used them. */
  readonly onUse: PrecacheEntry[]
  /** Headers of the page and of its workers, added where the host sends none of its own. */
  readonly headers: Readonly<Record<string, string>>
}

declare global {
  const __SERVICE_WORKER__: ServiceWorkerSetup
}

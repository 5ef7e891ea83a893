import { PrecacheController, type PrecacheEntry, PrecacheRoute } from 'workbox-precaching'
import type { Router } from 'workbox-routing'
import type { ServiceWorkerSetup } from './setup'
import { usedEntries } from './usedEntries'
import { withHeaders } from './withHeaders'

/**
 * Saves the built page's files and checks each against its sha256 when it arrives: a version is saved whole or not at
 * all, and a file of another version is never an answer.
 */
export interface KeptFiles {
  install(event: ExtendableEvent): void
  /** Deletes what only the former version had. */
  activate(event: ExtendableEvent): void
  addRoutes(router: Router): void
}

/** @param scope address of the page's folder: several copies of the page may lie on one origin */
export function createKeptFiles({ always, onUse, headers }: ServiceWorkerSetup, scope: string): KeptFiles {
  const controllerOf = (cacheName: string, entries: PrecacheEntry[]) => {
    const controller = new PrecacheController({
      cacheName,
      plugins: [
        {
          handlerWillRespond: async ({ request, response }) =>
            withHeaders(response, request.destination, headers),
        },
      ],
    })
    controller.addToCacheList(entries)
    return controller
  }
  const page = controllerOf(`ripplescope-page ${scope}`, always)
  const runtimeCache = `ripplescope-runtime ${scope}`
  const runtime = controllerOf(runtimeCache, onUse)

  async function installUsed(event: ExtendableEvent): Promise<void> {
    const kept = await (await caches.open(runtimeCache)).keys()
    const used = usedEntries(
      onUse,
      kept.map(({ url }) => url),
      scope,
    )
    await controllerOf(runtimeCache, used).install(event)
  }

  return {
    install(event) {
      event.waitUntil(page.install(event))
      event.waitUntil(installUsed(event))
    },
    activate(event) {
      event.waitUntil(Promise.all([page.activate(event), runtime.activate(event)]))
    },
    addRoutes(router) {
      router.registerRoute(new PrecacheRoute(page, { cleanURLs: false }))
      router.registerRoute(new PrecacheRoute(runtime, { cleanURLs: false }))
    },
  }
}

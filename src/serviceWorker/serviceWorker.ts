import { Router } from 'workbox-routing'
import { createKeptFiles } from './keptFiles'
import { TAKE_OVER, type TakeOverAnswer } from './messages'

declare const self: ServiceWorkerGlobalScope

const { scope } = self.registration
const files = createKeptFiles(__SERVICE_WORKER__, scope)
const router = new Router()
files.addRoutes(router)
router.addFetchListener()
router.addCacheListener()

/**
 * Activates the new version unless another page of ours is open, which would lose its files: the user is left to close
 * it.
 */
async function takeOver({ source, ports }: ExtendableMessageEvent): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const asking = source instanceof Client ? source.id : null
  const others = windows.filter(({ id, url }) => id !== asking && url.startsWith(scope))
  const answer: TakeOverAnswer = { otherPages: others.length }
  if (others.length === 0) await self.skipWaiting()
  ports[0]?.postMessage(answer)
}

self.addEventListener('install', (event) => files.install(event))
self.addEventListener('activate', (event) => files.activate(event))
self.addEventListener('message', (event) => {
  if (event.data?.type === TAKE_OVER) event.waitUntil(takeOver(event))
})

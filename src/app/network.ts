import { type PageServiceWorker, registerServiceWorker } from '../serviceWorker/registration'
import { reloadForThreads } from '../serviceWorker/reloadForThreads'
import { withRequests } from '../state/hosts'
import type { AppStore } from '../state/store'
import { connectUpdate } from '../state/updateConnection'
import { observeRequests, onWorkerRequests } from '../worker/requests'

/** Resolves once no model is loading: saving the page must not slow a model down. */
function whenModelSettled(store: AppStore): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (store.getState().model.status === 'loading') return
      unsubscribe()
      resolve()
    }
    const unsubscribe = store.subscribe(look)
    look()
  })
}

/**
 * Lists every host from which the page and its workers request something, and saves the page for use without a network.
 *
 * @param touched says whether the user has done anything on the page
 */
export function connectNetwork(store: AppStore, touched: () => boolean): void {
  const page = new URL('./', document.baseURI).href
  const asked = new Set<string>()
  const isOurs = (url: string) => url.startsWith(page)
  let serviceWorker: Promise<PageServiceWorker> | null = null
  let kept: PageServiceWorker | null = null

  const note = (urls: readonly string[]) => {
    const fresh = urls.filter((url) => !asked.has(url))
    if (fresh.length === 0) return
    for (const url of fresh) asked.add(url)
    const { hosts } = store.getState()
    const next = withRequests(hosts, fresh, page)
    if (next !== hosts) store.setState({ hosts: next })
    // Includes runtime files that another device needs.
    if (kept) void kept.keep(fresh.filter(isOurs))
  }
  observeRequests(note)
  onWorkerRequests(note)

  // Vite's own server changes files under the page; only a built page is saved.
  if (!import.meta.env.PROD) return
  // This page itself came from the copy that a former visit saved.
  if (navigator.serviceWorker?.controller) {
    store.setState(({ offline }) => ({ offline: { ...offline, kept: 'kept' } }))
  }
  void connectUpdate(store, {
    async keep(onWaiting) {
      await whenModelSettled(store)
      serviceWorker = registerServiceWorker(new URL('serviceWorker.js', page).href, onWaiting)
      kept = await serviceWorker
      await kept.keep([...asked].filter(isOurs))
      reloadForThreads(window, touched())
    },
    takeOver: async () => (serviceWorker ? (await serviceWorker).takeOver() : 0),
  })
}

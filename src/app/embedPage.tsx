import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { PrioritizedExplorer } from '../core/explorer'
import { fail } from '../core/failure'
import { callOf, proxy } from '../core/rpc'
import type { Session } from '../core/session/session'
import { createSnapshotLibrary } from '../core/session/snapshotLibrary'
import { connectExplorer } from '../state/explore/explore'
import { readEmbed } from '../state/learn/embed'
import { EXAMPLES } from '../state/learn/examples'
import { type AppStore, createAppStore } from '../state/store'
import { AppProvider } from '../views/appContext'
import { EmbedFailure } from '../views/embed/EmbedFailure'
import { EmbedView } from '../views/embed/EmbedView'
import { createPageModel, fetchSnapshot } from './compose'

/** Returns an explorer that computes nothing in advance: an embedded page measures only what its reader asks for. */
function withoutAhead(explorer: PrioritizedExplorer): PrioritizedExplorer {
  return proxy<PrioritizedExplorer>(callOf(explorer), {
    measure: async (request, options) =>
      options?.priority === 'ahead'
        ? fail('not-ready', 'Nothing is measured ahead here.')
        : explorer.measure(request, options),
  })
}

/** Builds the store as `compose` does, but without address, storage and corpora; the model waits for `wake`. */
function composeEmbed(session: Session): { readonly store: AppStore; readonly wake: () => void } {
  const pageModel = createPageModel()
  const store = createAppStore({ services: { models: [pageModel] } })
  store.getState().replaceSession(session, { undoable: false })
  // WASM: a comparison with WebGPU would take idle time and write to this browser's storage.
  store.getState().setDevicePreference('wasm')
  connectExplorer(store, {
    live: () => {
      const live = pageModel.live()
      return live && withoutAhead(live)
    },
    variants: () => pageModel.corpus,
    shipped: createSnapshotLibrary(EXAMPLES, fetchSnapshot),
  })
  let awake = false
  return {
    store,
    wake: () => {
      if (!awake) store.getState().startModel()
      awake = true
    },
  }
}

/** Shows what an embedding link asks for; another link in the same frame is a page of its own. */
export function openEmbed(element: HTMLElement): void {
  window.addEventListener('hashchange', () => window.location.reload())
  const result = readEmbed(window.location.hash)
  const root = createRoot(element)
  if (!result.ok) {
    root.render(<EmbedFailure failure={result.failure} />)
    return
  }
  const { panels, theme, session } = result.request
  if (theme) document.documentElement.dataset.theme = theme
  const { store, wake } = composeEmbed(session)
  root.render(
    <StrictMode>
      <AppProvider store={store}>
        <EmbedView panels={panels} onWake={wake} />
      </AppProvider>
    </StrictMode>,
  )
}

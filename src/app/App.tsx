import { Activity, lazy, Suspense, useState } from 'react'
import type { View } from '../core/session/session'
import { isComparing } from '../state/compare/compareSelectors'
import type { AppStore } from '../state/store'
import { AppProvider, useAppStore } from '../views/appContext'
import { ExploreView } from '../views/explore/ExploreView'
import { LoadFailure } from '../views/shell/LoadBar'
import { Notices } from '../views/shell/Notices'
import { TopBar } from '../views/shell/TopBar'
import { useKeptScroll } from './useKeptScroll'

/** Loaded when it is first shown, so that the first paint does not wait for it. */
const CorpusView = lazy(async () => {
  const { CorpusView } = await import('../views/corpus/CorpusView')
  return { default: CorpusView }
})

const ModelsView = lazy(async () => {
  const [{ ModelsView }] = await Promise.all([
    import('../views/models/ModelsView'),
    import('./styles/models.css'),
  ])
  return { default: ModelsView }
})

/** Loaded when a session asks for a model that is not open. */
const ModelOfferBar = lazy(async () => {
  const [bar] = await Promise.all([import('../views/models/ModelOfferBar'), import('./styles/models.css')])
  return bar
})

/** Loaded when somebody compares. */
const CompareDialog = lazy(async () => {
  const [dialog] = await Promise.all([
    import('../views/compare/CompareDialog'),
    import('./styles/models.css'),
  ])
  return dialog
})

/**
 * Moves the focus to the content; a link to an anchor would replace the address's fragment, which holds the session.
 */
function skipToContent(): void {
  const main = [...document.querySelectorAll('main')].find((element) => element.checkVisibility())
  const token = main?.querySelector<HTMLElement>('[data-roving][tabindex="0"]')
  const target = token ?? main?.querySelector<HTMLElement>('button')
  target?.focus()
}

interface AppProps {
  readonly store: AppStore
}

/** Draws the page: the bar that is common to all views, and the views under it. */
export function App({ store }: AppProps) {
  return (
    <AppProvider store={store}>
      <div className="app">
        <SkipLink />
        <TopBar />
        <LoadFailure />
        <OfferedModel />
        <Views />
        <Comparing />
        <Notices />
      </div>
    </AppProvider>
  )
}

function OfferedModel() {
  const offered = useAppStore((state) => state.model.offer !== null)
  return (
    offered && (
      <Suspense fallback={null}>
        <ModelOfferBar />
      </Suspense>
    )
  )
}

/** Asks what to compare with; its styles also serve a model that is loading. */
function Comparing() {
  const wanted = useAppStore((state) => state.compare.choosing || isComparing(state))
  const [used, setUsed] = useState(wanted)
  if (wanted && !used) setUsed(true)
  return (
    used && (
      <Suspense fallback={null}>
        <CompareDialog />
      </Suspense>
    )
  )
}

const SKIP_LINKS: Readonly<Record<View, string>> = {
  explore: 'Skip to the review',
  corpus: 'Skip to the run',
  models: 'Skip to the models',
}

function SkipLink() {
  const view = useAppStore((state) => state.session.view)
  return (
    <button type="button" className="button skip-link" onClick={skipToContent}>
      {SKIP_LINKS[view]}
    </button>
  )
}

/**
 * Draws the views. A hidden view retains its state and its scroll position, but nothing in it listens, renders or
 * measures. Each view is mounted when it is first shown.
 */
function Views() {
  const view = useAppStore((state) => state.session.view)
  const [mounted, setMounted] = useState<readonly View[]>([view])
  if (!mounted.includes(view)) setMounted([...mounted, view])
  useKeptScroll(view)
  return (
    <>
      {mounted.includes('explore') && (
        <Activity mode={view === 'explore' ? 'visible' : 'hidden'}>
          <ExploreView />
        </Activity>
      )}
      {mounted.includes('corpus') && (
        <Activity mode={view === 'corpus' ? 'visible' : 'hidden'}>
          <Suspense fallback={<main className="corpus corpus-waiting skeleton" aria-busy="true" />}>
            <CorpusView />
          </Suspense>
        </Activity>
      )}
      {mounted.includes('models') && (
        <Activity mode={view === 'models' ? 'visible' : 'hidden'}>
          <Suspense fallback={<main className="corpus corpus-waiting skeleton" aria-busy="true" />}>
            <ModelsView />
          </Suspense>
        </Activity>
      )}
    </>
  )
}

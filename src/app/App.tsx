import { Activity, lazy, Suspense, useState } from 'react'
import type { View } from '../core/session'
import type { AppStore } from '../state/store'
import { AppProvider, useAppStore } from '../views/appContext'
import { ExploreView } from '../views/ExploreView'
import { LoadFailure } from '../views/LoadBar'
import { Notices } from '../views/Notices'
import { TopBar } from '../views/TopBar'
import { useKeptScroll } from './useKeptScroll'

/** Fetched when it is first shown: the first paint does not wait for it. */
const CorpusView = lazy(async () => {
  const { CorpusView } = await import('../views/corpus/CorpusView')
  return { default: CorpusView }
})

/** Not a link to an anchor: the address's fragment holds the session. */
function skipToContent(): void {
  const main = [...document.querySelectorAll('main')].find((element) => element.checkVisibility())
  const token = main?.querySelector<HTMLElement>('[data-roving][tabindex="0"]')
  const target = token ?? main?.querySelector<HTMLElement>('button')
  target?.focus()
}

/** The page: its views under the bar that concerns the whole of it. */
export function App({ store }: { readonly store: AppStore }) {
  return (
    <AppProvider store={store}>
      <div className="app">
        <SkipLink />
        <TopBar />
        <LoadFailure />
        <Views />
        <Notices />
      </div>
    </AppProvider>
  )
}

function SkipLink() {
  const corpus = useAppStore((state) => state.session.view === 'corpus')
  return (
    <button type="button" className="button skip-link" onClick={skipToContent}>
      {corpus ? 'Skip to the run' : 'Skip to the review'}
    </button>
  )
}

/**
 * A view that is not shown keeps its state and its place on the page, but nothing in it listens, renders or measures.
 * Each is mounted when it is first shown.
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
    </>
  )
}

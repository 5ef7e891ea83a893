import type { AppStore } from '../state/store'
import { AppProvider } from '../views/appContext'
import { ExploreView } from '../views/ExploreView'
import { LoadFailure } from '../views/LoadBar'
import { Notices } from '../views/Notices'
import { TopBar } from '../views/TopBar'

/** Not a link to an anchor: the address's fragment holds the session. */
function focusReview(): void {
  const token = document.querySelector<HTMLElement>('main [data-roving][tabindex="0"]')
  const target = token ?? document.querySelector<HTMLElement>('main button')
  target?.focus()
}

/** The page: one view so far, under the bar that concerns the whole of it. */
export function App({ store }: { readonly store: AppStore }) {
  return (
    <AppProvider store={store}>
      <div className="app">
        <button type="button" className="button skip-link" onClick={focusReview}>
          Skip to the review
        </button>
        <TopBar />
        <LoadFailure />
        <ExploreView />
        <Notices />
      </div>
    </AppProvider>
  )
}

import { createStore } from 'zustand/vanilla'
import { createBesideSlice } from './besideSlice'
import { createCorpusSlice } from './corpusSlice'
import { EXAMPLES } from './examples'
import { createHostsSlice } from './hostsSlice'
import { createModelSlice } from './modelSlice'
import { createNoticesSlice } from './noticesSlice'
import { createResultsSlice } from './resultsSlice'
import { createSessionSlice } from './sessionSlice'
import type { AppStore, AppStoreState, StoreOptions } from './storeTypes'
import { createUpdateSlice } from './updateSlice'

export type { AppStore, AppStoreState } from './storeTypes'

/** The page's one store: the session and its history, what the model does, results, the corpus, notices. */
export function createAppStore(options: Partial<StoreOptions> = {}): AppStore {
  const { examples = EXAMPLES } = options
  return createStore<AppStoreState>()((...api) => ({
    ...createSessionSlice({ examples })(...api),
    ...createModelSlice(...api),
    ...createResultsSlice(...api),
    ...createBesideSlice(...api),
    ...createCorpusSlice(...api),
    ...createNoticesSlice(...api),
    ...createUpdateSlice(...api),
    ...createHostsSlice(...api),
  }))
}

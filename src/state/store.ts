import { createStore } from 'zustand/vanilla'
import { createCompareSlice } from './compare/compareSlice'
import { createCorpusSlice } from './corpus/corpusSlice'
import { createDeviceSlice } from './device/deviceReport'
import { createResultsSlice } from './explore/resultsSlice'
import { createExportsSlice } from './exportsSlice'
import { createHostsSlice } from './hostsSlice'
import { EXAMPLES } from './learn/examples'
import { createModelSlice } from './model/modelSlice'
import { createTableGeometrySlice } from './model/tableGeometry'
import { createNoticesSlice } from './noticesSlice'
import { NO_SERVICES } from './services'
import { createSessionSlice } from './session/sessionSlice'
import type { AppStore, AppStoreState, StoreOptions } from './storeTypes'
import { createUpdateSlice } from './updateSlice'

export type { AppStore, AppStoreState } from './storeTypes'

/** Creates the page's one store: the session and its history, the state of the model, results, the corpus, notices. */
export function createAppStore(options: Partial<StoreOptions> = {}): AppStore {
  const { examples = EXAMPLES } = options
  const services = { ...NO_SERVICES, ...options.services }
  return createStore<AppStoreState>()((...api) => ({
    ...createSessionSlice({ examples })(...api),
    ...createModelSlice(services.models)(...api),
    ...createResultsSlice(...api),
    ...createCompareSlice(...api),
    ...createCorpusSlice(services.corpus)(...api),
    ...createDeviceSlice(services.device)(...api),
    ...createTableGeometrySlice(services.table)(...api),
    services,
    ...createNoticesSlice(...api),
    ...createExportsSlice(...api),
    ...createUpdateSlice(...api),
    ...createHostsSlice(...api),
  }))
}

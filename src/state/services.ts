import type { CorpusService } from '../core/corpus/corpusService'
import type { DeviceServices } from './deviceCheckState'
import type { HubServices } from './model/modelHub'

/** What the page's actions ask of the rest of the page; null where it has none, as a panel in another page. */
export interface Services {
  /** Reads and runs over corpora. */
  readonly corpus: CorpusService | null
  /** Checks the device against PyTorch. */
  readonly device: DeviceServices | null
  /** Looks models up, and lists and deletes those that are kept. */
  readonly hub: HubServices | null
}

export const NO_SERVICES: Services = { corpus: null, device: null, hub: null }

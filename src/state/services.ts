import type { CorpusService } from '../core/corpus/corpusService'
import type { DeviceServices } from './device/deviceCheckState'
import type { HubServices } from './model/modelHub'
import type { ModelService } from './model/modelSlot'
import type { TableServices } from './model/tableGeometryState'

/** Lists the services that the page's actions call; null if the page does not have one, as an embedded panel. */
export interface Services {
  /** Services that open the models, by side; a side without one opens none. */
  readonly models: readonly ModelService[]
  /** Service that reads and runs over corpora. */
  readonly corpus: CorpusService | null
  /** Service that checks the device against PyTorch. */
  readonly device: DeviceServices | null
  /** Service that measures the open model's word table. */
  readonly table: TableServices | null
  /** Service that looks models up, and lists and deletes saved ones. */
  readonly hub: HubServices | null
}

export const NO_SERVICES: Services = { models: [], corpus: null, device: null, table: null, hub: null }

import type { LoadProgress } from '../../../core/explorer'
import type { HubSource, ModelPlan } from '../../../core/modelSource'
import { checkDescription } from '../../checkDescription'
import { modelTypeOf } from '../../modelFamily'
import type { ModelFiles } from '../../modelFiles'
import { chooseFiles } from '../chooseFiles'
import { chosenFiles, readFolder } from '../readFolder'
import { openHubFolder } from './hubFolder'
import type { HubOptions } from './hubRequest'

/**
 * Says what would be fetched, with sizes. Asks the hub for its listing, config.json and index files of shards.
 *
 * @throws FailureError as openHubFolder does, and where no file of the model can be read
 */
export async function planHubModel(name: HubSource, options: HubOptions = {}): Promise<ModelPlan<HubSource>> {
  const folder = await openHubFolder(name, options)
  const choice = await chooseFiles(folder)
  const files = chosenFiles(choice)
  return {
    source: { kind: 'hub', id: folder.id, revision: folder.revision },
    commit: folder.commit,
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    keptBytes: await folder.savedBytes(files),
    format: choice.format,
    family: modelTypeOf(choice.configJson),
    offline: folder.offline,
  }
}

export interface FetchHubOptions extends HubOptions {
  readonly onProgress?: (progress: LoadProgress) => void
}

/** Fetches a model of the hub; what this browser has saved is not fetched again. */
export async function fetchHubModel(
  name: HubSource,
  { onProgress, ...options }: FetchHubOptions = {},
): Promise<ModelFiles> {
  const folder = await openHubFolder(name, options)
  // A file saved whole was checked when it arrived, and costs nothing.
  const check = name.keptOnly ? undefined : checkDescription
  const files = await readFolder(folder, { onProgress, check })
  return { ...files, id: folder.name, revision: folder.commit, kept: folder.notSaved === null }
}

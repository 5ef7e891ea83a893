import type { LoadProgress } from '../../../core/explorer'
import { type HubSource, type ModelPlan, withTokenizer } from '../../../core/modelSource'
import { checkDescription } from '../../checkDescription'
import { modelTypeOf } from '../../modelFamily'
import type { ModelFiles } from '../../modelFiles'
import { chooseFiles } from '../chooseFiles'
import { chosenFiles, readFolder, type TokenizerFolder } from '../readFolder'
import { openTokenizer, type TokenizerOptions } from '../tokenizerFolder'
import { openHubFolder } from './hubFolder'
import type { HubOptions } from './hubRequest'

/**
 * Says what would be fetched, with sizes. Asks the hub for its listing, config.json and index files of shards.
 *
 * @throws FailureError as openHubFolder does, and where no file of the model can be read
 */
export async function planHubModel(name: HubSource, options: HubOptions = {}): Promise<ModelPlan<HubSource>> {
  const folder = await openHubFolder(name, options)
  const { tokenizer } = name
  const choice = await chooseFiles(folder, { otherTokenizer: tokenizer !== undefined })
  const files = chosenFiles(choice)
  return {
    source: { kind: 'hub', id: folder.id, revision: folder.revision, ...(tokenizer && { tokenizer }) },
    commit: folder.commit,
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    keptBytes: await folder.savedBytes(files),
    format: choice.format,
    family: modelTypeOf(choice.configJson),
    offline: folder.offline,
  }
}

export interface FetchHubOptions extends HubOptions, Pick<TokenizerOptions, 'builtIn'> {
  readonly onProgress?: (progress: LoadProgress) => void
  /** Folder of a tokenizer that the model's name does not name. */
  readonly tokenizerFrom?: TokenizerFolder
}

/** Fetches a model of the hub; what this browser has saved is not fetched again. */
export async function fetchHubModel(
  name: HubSource,
  { onProgress, builtIn, tokenizerFrom: given, ...options }: FetchHubOptions = {},
): Promise<ModelFiles> {
  const folder = await openHubFolder(name, options)
  // A file saved whole was checked when it arrived, and costs nothing.
  const check = name.keptOnly ? undefined : checkDescription
  const tokenizerFrom = given ?? (await openTokenizer(name.tokenizer, { builtIn, hub: options }))
  const files = await readFolder(folder, { onProgress, check, tokenizerFrom })
  return {
    ...files,
    id: withTokenizer(folder.name, tokenizerFrom?.name),
    revision: folder.commit,
    kept: folder.notSaved === null,
  }
}

import { type HubSource, type KeptHubModel, type KeptRevision, MAIN_REVISION } from '../../core/modelSource'
import { planHubModel } from './hub/hubModel'
import { listSavedModels, type SavedModel } from './savedFiles'

/** File that is saved as soon as a model is looked up. */
const LOOKED_UP = 'config.json'

/** Returns a saved model's revisions; a renamed model is saved under its new name, its listing under the former one. */
function revisionsOf({ files, revisions }: SavedModel): readonly string[] {
  if (revisions.length > 0) return revisions
  return files.every(({ path }) => path === LOOKED_UP) ? [] : [MAIN_REVISION]
}

async function keptRevision(
  { id, files }: SavedModel,
  revision: string,
  base: string | undefined,
): Promise<KeptRevision> {
  const source: HubSource = { kind: 'hub', id, revision }
  const keptOnly = { ...source, keptOnly: true }
  try {
    const { bytes, keptBytes } = await planHubModel(keptOnly, { base })
    return bytes === keptBytes
      ? { source: keptOnly, missingBytes: 0 }
      : { source, missingBytes: bytes - keptBytes }
  } catch {
    // The rest of what was begun is known all the same.
    return { source, missingBytes: files.reduce((sum, file) => sum + file.totalBytes - file.bytes, 0) }
  }
}

/**
 * Lists the models of the hub saved in the browser, and the missing files of each by the hub's last listing; nothing is
 * requested.
 *
 * @param base address of the hub
 */
export async function listKeptHubModels(base?: string): Promise<readonly KeptHubModel[]> {
  const models = await listSavedModels(base)
  return Promise.all(
    models.map(async (model) => ({
      id: model.id,
      bytes: model.bytes,
      revisions: await Promise.all(revisionsOf(model).map((revision) => keptRevision(model, revision, base))),
    })),
  )
}

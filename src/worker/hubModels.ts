import { type HubModelPlan, type HubSource, type KeptHubModel, MAIN_REVISION } from '../core/modelSource'

/** The hub's part of the engine is fetched when somebody asks for the hub. */
const importHub = () => import('../engine/hubModel')

/**
 * A model of the hub as a user wrote it.
 *
 * @throws FailureError `invalid-request`
 */
export async function readHubName(text: string, revision: string): Promise<HubSource> {
  const { parseHubName } = await import('../engine/hubName')
  const named = parseHubName(text)
  return { kind: 'hub', ...(revision.trim() ? parseHubName(`${named.id}@${revision.trim()}`) : named) }
}

/** What would be fetched for a model, with sizes. */
export async function planHub(source: HubSource, signal?: AbortSignal): Promise<HubModelPlan> {
  const { planHubSource } = await import('../engine/openSourceHub')
  return planHubSource(source, { signal })
}

export async function keptHubModels(): Promise<readonly KeptHubModel[]> {
  const { listKeptModels } = await importHub()
  const models = await listKeptModels()
  return models.map(({ id, bytes, files, revisions }) => ({
    id,
    bytes,
    files: files.map(({ path, totalBytes }) => ({ path, bytes: totalBytes })),
    complete: files.every(({ complete }) => complete),
    // A model that was renamed is kept under its new name, and what the hub said of it under the former one.
    revisions: revisions.length > 0 ? revisions : [MAIN_REVISION],
  }))
}

/** @returns bytes that this freed */
export async function deleteHubModel(id: string): Promise<number> {
  const { deleteKeptModel } = await importHub()
  return deleteKeptModel(id)
}

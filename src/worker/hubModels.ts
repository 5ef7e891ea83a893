import {
  BUILT_IN,
  type HubSource,
  type KeptHubModel,
  type ModelPlan,
  type ModelRequest,
  type ModelSource,
  originOf,
  type UrlSource,
} from '../core/modelSource'

// Planning a model only asks its host for lists and reads the index of the cache, so it stays on the page's own thread: in
// the explorer's worker it would wait behind forwards. Weights are read and hashed in that worker alone. What asks the hub
// is fetched when somebody asks for it.

/** Reads the name of a model of the hub as a user wrote it. @throws FailureError `invalid-request` */
export async function readHubName(text: string, revision: string): Promise<HubSource> {
  const { parseHubName } = await import('../engine/sources/hub/hubName')
  const named = parseHubName(text)
  const at = revision.trim()
  return { kind: 'hub', ...named, ...(at && { revision: parseHubName(`${named.id}@${at}`).revision }) }
}

/** Read token of the user: in memory only, and part of nothing that is stored. */
let token: string | undefined

/**
 * Takes a read token, or forgets the former one.
 *
 * @throws FailureError `invalid-request`
 */
export async function takeHubToken(text: string): Promise<void> {
  const { parseHubToken } = await import('../engine/sources/hub/hubName')
  token = parseHubToken(text)
}

/** Adds the token to a model of the hub, for the worker that fetches it. */
export const withHubToken = (source: ModelSource): ModelSource =>
  source.kind === 'hub' && !source.keptOnly && token !== undefined ? { ...source, token } : source

/** Lists the files that would be downloaded for a model, with sizes. */
export async function planModel(source: HubSource | UrlSource, signal?: AbortSignal): Promise<ModelPlan> {
  if (source.kind === 'url') {
    const { planAddress } = await import('../engine/sources/addressFolder')
    return planAddress(source, document.baseURI, signal)
  }
  const { planHubModel } = await import('../engine/sources/hub/hubModel')
  return planHubModel(source, { signal, ...(!source.keptOnly && { token }) })
}

export async function keptHubModels(): Promise<readonly KeptHubModel[]> {
  const { listKeptHubModels } = await import('../engine/sources/savedModels')
  return listKeptHubModels()
}

/**
 * Returns a request that opens the model of this id without asking a host other than the page's own; null where there
 * is none.
 */
export async function keptRequest(id: string): Promise<ModelRequest | null> {
  const origin = originOf(id)
  if (origin === 'hosted') return BUILT_IN
  if (origin !== 'hub') return null
  const source: HubSource = { ...(await readHubName(id, '')), keptOnly: true }
  const { bytes, keptBytes } = await planModel(source)
  return keptBytes === bytes ? source : null
}

/** @returns bytes that this freed */
export async function deleteHubModel(id: string): Promise<number> {
  const { deleteSavedModel } = await import('../engine/sources/savedFiles')
  return deleteSavedModel(id)
}

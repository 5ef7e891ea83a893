import type { ModelFiles } from '../engine/modelFiles'
import { fetchHubModel } from '../engine/sources/hub/hubModel'
import { parseHubName } from '../engine/sources/hub/hubName'

/** A model of the Hugging Face hub. */
export interface HubModel {
  /** `owner/name`, `owner/name@revision`, or the address of the model's page. */
  readonly hub: string
  /** A read token, for gated and private models; it is sent to the hub's own host and to no other. */
  readonly token?: string
  /** Address of the hub, for a mirror of it. */
  readonly endpoint?: string
}

/** Fetches a model of the hub; in a browser what was fetched is saved for the next time. */
export function fetchNamedModel({ hub, token, endpoint }: HubModel): Promise<ModelFiles> {
  const base = endpoint?.replace(/\/+$/, '')
  return fetchHubModel({ kind: 'hub', ...parseHubName(hub, base) }, { token, ...(base && { base }) })
}

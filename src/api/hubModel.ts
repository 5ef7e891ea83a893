import type { ModelFiles } from '../engine/modelFiles'
import { fetchHubModel } from '../engine/sources/hub/hubModel'
import { parseHubName } from '../engine/sources/hub/hubName'
import type { TokenizerFolder } from '../engine/sources/readFolder'

/** Names a model of the Hugging Face Hub. */
export interface HubModel {
  /**
   * `owner/name`, `owner/name@revision`, or the address of the model's page; `owner/name+owner/other` for a model that comes
   * without a tokenizer, with another's.
   */
  readonly hub: string
  /** Read token for gated and private models; it is sent to the Hub's own host and to no other. */
  readonly token?: string
  /** Address of a mirror of the Hub. */
  readonly endpoint?: string
}

/** Fetches a model of the Hub; a browser saves what was fetched for the next time. */
export function fetchNamedModel(
  { hub, token, endpoint }: HubModel,
  tokenizerFrom?: TokenizerFolder,
): Promise<ModelFiles> {
  const base = endpoint?.replace(/\/+$/, '')
  return fetchHubModel(
    { kind: 'hub', ...parseHubName(hub, base) },
    { token, tokenizerFrom, ...(base && { base }) },
  )
}

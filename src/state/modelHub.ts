import type { HubModelPlan, HubSource, KeptHubModel } from '../core/modelSource'

/** What the Models view asks of the hub and of what this browser keeps of it. Rejections are `FailureError`s. */
export interface HubServices {
  /** A model as a user wrote it: `owner/name`, `owner/name@revision`, or its page's address; `revision` may be empty. */
  name(text: string, revision: string): Promise<HubSource>
  /** Asks the hub for the files of a model and its config.json; fetches nothing else. */
  plan(source: HubSource, signal?: AbortSignal): Promise<HubModelPlan>
  kept(): Promise<readonly KeptHubModel[]>
  /** @returns bytes that this freed */
  remove(id: string): Promise<number>
}

import type { HubSource, KeptHubModel, ModelPlan, UrlSource } from '../../core/modelSource'

/** What the Models view asks of the hub, of addresses, and of what this browser keeps. Rejections are `FailureError`s. */
export interface HubServices {
  /** A model as a user wrote it: `owner/name`, `owner/name@revision`, or its page's address; `revision` may be empty. */
  name(text: string, revision: string): Promise<HubSource>
  /**
   * Sends this read token with what is asked of the hub from now on, or none; it stays in memory until the page is closed.
   *
   * @throws FailureError `invalid-request` where it cannot be one
   */
  takeToken(text: string): Promise<void>
  /** Asks a model's host for its files and their sizes; fetches its config.json and nothing else. */
  plan(source: HubSource | UrlSource, signal?: AbortSignal): Promise<ModelPlan>
  kept(): Promise<readonly KeptHubModel[]>
  /** @returns bytes that this freed */
  remove(id: string): Promise<number>
}

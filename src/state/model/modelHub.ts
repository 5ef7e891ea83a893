import type { HubSource, KeptHubModel, ModelPlan, UrlSource } from '../../core/modelSource'

/**
 * Lists the Models view's questions about the hub, addresses, and the models saved in this browser. Rejections are
 * `FailureError`s.
 */
export interface HubServices {
  /**
   * Reads a model's name as a user wrote it: `owner/name`, `owner/name@revision`, or its page's address; `revision` may
   * be empty.
   */
  name(text: string, revision: string): Promise<HubSource>
  /**
   * Sets the read token, or none, for all requests to the hub from now on; it stays in memory until the page is closed.
   *
   * @throws FailureError `invalid-request` if it cannot be a token
   */
  takeToken(text: string): Promise<void>
  /** Asks a model's host for its files and their sizes; fetches its config.json and nothing else. */
  plan(source: HubSource | UrlSource, signal?: AbortSignal): Promise<ModelPlan>
  kept(): Promise<readonly KeptHubModel[]>
  /** Deletes a saved model. @returns bytes that this freed */
  remove(id: string): Promise<number>
}

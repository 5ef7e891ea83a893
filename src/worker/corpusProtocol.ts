import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusService, RunListener } from '../core/corpus/corpusService'
import { FailureError, failureOf } from '../core/failure'
import type { Answer } from './protocol'

/** One call of the page's `CorpusEngine`, by its name, answered by a value. */
export type EngineCall = (method: keyof CorpusEngine, args: readonly unknown[]) => Promise<Answer<unknown>>

export type ServiceMethod = keyof CorpusService

/** What a listener is told, by the name of its method. */
export type ListenerCall = (method: keyof RunListener, args: readonly unknown[]) => void

/** The CorpusService as its worker exposes it. */
export interface CorpusHost {
  /**
   * Once, before any call.
   *
   * @param engine proxied: the model answers from the page
   * @param base address of the page's folder, with a trailing slash
   */
  connect(engine: EngineCall, base: string): Promise<Answer<unknown>>
  /** @param listener the last argument of methods that have one, proxied */
  call(
    method: ServiceMethod,
    args: readonly unknown[],
    listener: ListenerCall | null,
  ): Promise<Answer<unknown>>
}

/** What work gives, as a value. */
export async function answered(work: () => unknown): Promise<Answer<unknown>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) }
  }
}

/** @throws FailureError that the answer holds */
export function unwrapped(answer: Answer<unknown>): unknown {
  if (!answer.ok) throw new FailureError(answer.failure)
  return answer.value
}

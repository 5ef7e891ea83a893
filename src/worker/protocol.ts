import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { Explorer } from '../core/explorer'
import type { Failure } from '../core/failure'
import type { Provider } from '../engine/webRuntime'

/** What a worker needs before it can load anything. */
export interface StartOptions {
  readonly provider: Provider
  readonly runtimeUrl: string
  readonly threads: number
}

/** What crosses back: failures as values, since an exception loses its fields on the way. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }

/** The Explorer as a worker exposes it: the same calls, each answered by a value. */
export type ExplorerHost = {
  readonly [Method in keyof Explorer]: (
    ...args: Parameters<Explorer[Method]>
  ) => Promise<Answer<Awaited<ReturnType<Explorer[Method]>>>>
} & {
  start(options: StartOptions): Promise<Answer<void>>
  /** A call of `CorpusEngine`, by its name. */
  corpus(method: keyof CorpusEngine, args: readonly unknown[]): Promise<Answer<unknown>>
}

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

const CORPUS_METHODS: Readonly<Record<keyof CorpusEngine, true>> = {
  info: true,
  vocabulary: true,
  specialIds: true,
  framingIds: true,
  maskId: true,
  encodeTexts: true,
  substitutes: true,
  shifts: true,
  measureVariants: true,
  ranks: true,
}

/** A CorpusEngine whose every call goes one way: over a worker's boundary, or through a queue. */
export function corpusEngineOver(
  call: (method: keyof CorpusEngine, args: readonly unknown[]) => Promise<unknown>,
): CorpusEngine {
  const methods = Object.keys(CORPUS_METHODS) as (keyof CorpusEngine)[]
  const engine = Object.fromEntries(
    methods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]),
  )
  return engine as unknown as CorpusEngine
}

/** The other side: one call on an engine, by its name. */
export function callCorpusEngine(
  engine: CorpusEngine,
  method: keyof CorpusEngine,
  args: readonly unknown[],
): Promise<unknown> {
  const call = engine[method] as (...values: readonly unknown[]) => Promise<unknown>
  return call(...args)
}

import type { Provider } from '../engine/forward/webRuntime'

/** Holds what the explorer's worker needs to load anything: the first argument of its `load`. */
export interface StartOptions {
  readonly provider: Provider
  readonly runtimeUrl: string
  readonly threads: number
}

/** Prefix of the names of `CorpusEngine`'s methods, in calls of the explorer's worker. */
export const CORPUS = 'corpus.'

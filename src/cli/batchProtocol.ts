import type { RunProgress } from '../core/corpus/run'
import type { Failure } from '../core/failure'
import type { ModelFiles } from '../engine/modelFiles'
import type { ModelOptions } from './options'

/** What a thread that measures batches begins with. */
export interface BatchThreadData {
  /** Folder of the run. */
  readonly path: string
  readonly options: ModelOptions
  readonly packageFolder: string
  /** Of a model that was fetched, so that it is fetched once; null: the thread reads them from the disk. */
  readonly files: ModelFiles | null
}

/** To the thread: a batch to measure; null: no more comes. */
export type BatchRequest = number | null

/** From the thread: how far its batch is; how it ended; or why there will be none. */
export type BatchReport =
  | { readonly kind: 'progress' | 'ended'; readonly progress: RunProgress }
  | { readonly kind: 'failed'; readonly failure: Failure }

import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { RunProgress } from '../core/corpus/run'
import type { Failure } from '../core/failure'
import type { ModelFiles } from '../engine/modelFiles'
import type { ModelOptions } from './options'

/** What a thread that measures batches begins with. */
export interface BatchThreadData {
  /** Folder of the run: there by the time of the first batch. */
  readonly path: string
  readonly options: ModelOptions
  readonly packageFolder: string
  /** Of a model that was fetched, so that it is fetched once; null: the thread reads them from the disk. */
  readonly files: ModelFiles | null
}

/** To the thread, one at a time: a question to its model, by the method's name; a batch to measure; that no more comes. */
export type BatchRequest =
  | { readonly kind: 'ask'; readonly method: keyof CorpusEngine; readonly args: readonly unknown[] }
  | { readonly kind: 'measure'; readonly index: number }
  | { readonly kind: 'close' }

/** From the thread: how far its batch is; what was asked for; or why there will be none. */
export type BatchReport =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'ended'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure }

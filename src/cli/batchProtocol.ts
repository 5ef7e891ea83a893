import type { RunProgress } from '../core/corpus/run'
import type { Port } from '../core/rpc'
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

/** What a thread answers besides the methods of its model's `CorpusEngine`. */
export interface BatchThread {
  /** Measures one batch of the folder, after those asked for before. */
  measure(index: number, onProgress: (progress: RunProgress) => void): Promise<RunProgress>
  /** Nothing more will be asked: gives the model back, and the thread ends. */
  close(): Promise<void>
}

/** A thread of Node seen from outside, or within it its parent. */
interface ThreadEnd {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  on(event: 'message', hear: (message: unknown) => void): unknown
  off(event: 'message', hear: (message: unknown) => void): unknown
}

export const threadPort = (end: ThreadEnd): Port => ({
  post: (message, transfer) => end.postMessage(message, [...transfer]),
  listen: (hear) => {
    end.on('message', hear)
    return () => end.off('message', hear)
  },
})

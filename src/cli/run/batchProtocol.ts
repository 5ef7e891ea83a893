import type { RunProgress } from '../../core/corpus/run'
import type { Port } from '../../core/rpc'
import type { ModelFiles } from '../../engine/modelFiles'
import type { ModelOptions } from '../options'

/** Holds the start data of a thread that measures batches. */
export interface BatchThreadData {
  /** Folder of the run, which exists by the time of the first batch. */
  readonly path: string
  readonly options: ModelOptions
  readonly packageFolder: string
  /** Files of a model that was downloaded, so that this happens once; null: the thread reads them from the disk. */
  readonly files: ModelFiles | null
}

/** Lists the methods that a thread answers besides those of its model's `CorpusEngine`. */
export interface BatchThread {
  /** Measures one batch of the folder, after those asked for before. */
  measure(index: number, onProgress: (progress: RunProgress) => void): Promise<RunProgress>
  /** Releases the model and ends the thread. */
  close(): Promise<void>
}

/** Represents a thread of Node to its parent, or the parent within the thread. */
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

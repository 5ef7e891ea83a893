import type { CorpusEngine } from '../core/corpus/corpusEngine'
import { withCanonicalSubstitutes } from '../corpus/canonicalSubstitutes'
import { createCorpusEngine } from '../engine/corpusEngine'
import type { ModelFiles } from '../engine/modelFiles'
import { createMeasureBatch, limitsOf, type MeasureBatch } from './measureBatch'
import { openModelFiles } from './modelFolder'
import type { ModelOptions } from './options'
import type { RunFolder } from './runFolder'

/** What measures a run: one model in this thread, or one each in threads of their own (batchThreads). */
export interface Measurer {
  /** What texts are read with. */
  readonly engine: CorpusEngine
  /** Each measures one batch of a folder at a time, beside the others. */
  lanes(folder: RunFolder): readonly MeasureBatch[]
  /** Gives models back, once what is under way has ended. */
  close(): Promise<void>
}

/**
 * One model, in this thread.
 *
 * @throws FailureError that says why it is refused
 */
export async function openMeasurer(files: ModelFiles, options: ModelOptions): Promise<Measurer> {
  const model = await openModelFiles(files, options)
  const engine = withCanonicalSubstitutes(createCorpusEngine(model))
  return {
    engine,
    lanes: (folder) => [createMeasureBatch({ engine, folder, limits: limitsOf(options.device) })],
    close: () => model.release(),
  }
}

import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { withCanonicalSubstitutes } from '../../corpus/run/canonicalSubstitutes'
import { createCorpusEngine } from '../../engine/corpusEngine'
import type { ModelFiles } from '../../engine/modelFiles'
import { openModelFiles } from '../modelFolder'
import type { ModelOptions } from '../options'
import { createMeasureBatch, limitsOf, type MeasureBatch } from './measureBatch'
import type { RunFolder } from './runFolder'

/** Measures a run: one model in this thread, or one in each of several threads (batchThreads). */
export interface Measurer {
  /** Engine with which texts are read. */
  readonly engine: CorpusEngine
  /** Returns lanes, each of which measures one batch of a folder at a time, in parallel with the others. */
  lanes(folder: RunFolder): readonly MeasureBatch[]
  /** Releases the models, once the current work has ended. */
  close(): Promise<void>
}

/**
 * Opens one model, in this thread.
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

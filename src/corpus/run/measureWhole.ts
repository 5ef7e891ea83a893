import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { CorpusRun, RunProgress } from '../../core/corpus/run'
import { FailureError } from '../../core/failure'
import { createMemoryStore } from '../store/memoryStore'
import type { CallLimits } from './measureSequence'
import type { NewRun } from './newRun'
import { createRunner } from './runner'

export interface MeasureWholeOptions {
  readonly engine: CorpusEngine
  readonly limits: CallLimits
  readonly onProgress: (progress: RunProgress) => void
}

/**
 * Measures a whole run in memory, from its first text to its last.
 *
 * @throws FailureError of the engine
 */
export async function measureWhole(
  run: NewRun,
  { engine, limits, onProgress }: MeasureWholeOptions,
): Promise<CorpusRun> {
  const { header, counts, progress } = run
  const store = createMemoryStore()
  await store.create(run)
  const runner = createRunner({ engine, store, header, limits, batches: [], progress, onProgress })
  await runner.start()
  await runner.settled()
  const { status, failure } = runner.progress
  if (failure) throw new FailureError(failure)
  return { header, counts, tables: runner.records.tables({ all: true }), status }
}

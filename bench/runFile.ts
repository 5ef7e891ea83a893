import type { CorpusEngine } from '../src/core/corpus/corpusEngine'
import type { CorpusRun, RunProgress } from '../src/core/corpus/run'
import type { RunSettings } from '../src/core/corpus/runSettings'
import { openCorpus } from '../src/corpus/readers/openCorpus'
import type { CallLimits } from '../src/corpus/run/measureSequence'
import { measureWhole } from '../src/corpus/run/measureWhole'
import { createRun } from '../src/corpus/run/newRun'
import { readSample } from '../src/corpus/run/readSample'

/** Limits of whole batches, since nobody else waits for the model. */
const LIMITS: CallLimits = { maxTokensPerCall: 4096, maxReadingsPerCall: 64, maxPatchedTokensPerCall: 2048 }

export interface RunFileOptions {
  readonly engine: CorpusEngine
  readonly file: File
  /** Column of the texts; null: the likely one. */
  readonly column: string | null
  readonly settings: RunSettings
  readonly onProgress: (progress: RunProgress) => void
}

/**
 * Runs over one whole file, in memory, as the benchmarks do.
 *
 * @throws FailureError of the reader or the engine
 */
export async function runFile({
  engine,
  file,
  column,
  settings,
  onProgress,
}: RunFileOptions): Promise<CorpusRun> {
  const source = { kind: 'file', file, column } as const
  const reader = await openCorpus(source, { base: 'file:///' })
  const { origin, ...sample } = await readSample(reader, {
    source,
    settings,
    engine,
    listener: { progress: onProgress, malformed: () => undefined },
    signal: new AbortController().signal,
    now: () => performance.now(),
  })
  const run = await createRun(engine, {
    id: 'benchmark',
    settings,
    origin,
    sample,
  })
  return measureWhole(run, { engine, limits: LIMITS, onProgress })
}

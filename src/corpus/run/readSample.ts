import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { CorpusSource, RunListener } from '../../core/corpus/corpusService'
import type { CorpusOrigin, RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { sha256Hex } from '../../core/digest'
import { fail } from '../../core/failure'
import type { CorpusReader } from '../readers/corpusReader'
import { type CorpusSample, sampleCorpus } from './sample'

/** Largest file that is hashed: a hash reads the file once more. */
const MAX_HASHED_BYTES = 64 * 2 ** 20

export interface ReadSample extends CorpusSample {
  readonly origin: CorpusOrigin
}

export interface ReadOptions {
  readonly source: CorpusSource
  readonly settings: RunSettings
  readonly engine: CorpusEngine
  readonly listener: Pick<RunListener, 'progress' | 'malformed'>
  readonly signal: AbortSignal
  /** Milliseconds. */
  readonly now: () => number
}

/** Returns the sha256 of a file as lower-case hex; null where it is large, or the page is not served securely. */
async function hashOf(source: CorpusSource): Promise<string | null> {
  if (source.kind !== 'file' || source.file.size > MAX_HASHED_BYTES || !globalThis.crypto?.subtle) return null
  return sha256Hex(await source.file.arrayBuffer())
}

/**
 * Makes the first pass over a source, reporting to the listener: counts all tokens and draws the sample.
 *
 * @throws FailureError of the reader or the engine; `invalid-request` where there is no text; `cancelled` by the signal
 */
export async function readSample(reader: CorpusReader, options: ReadOptions): Promise<ReadSample> {
  const { source, settings, engine, listener, signal, now } = options
  const startedAt = now()
  let malformed = 0

  function secondsLeft(bytes: number): number | null {
    if (!reader.totalBytes || bytes === 0) return null
    const seconds = (now() - startedAt) / 1000
    return (seconds * Math.max(0, reader.totalBytes - bytes)) / bytes
  }

  function report(progress: Pick<RunProgress, 'done' | 'tokens' | 'secondsLeft'>): void {
    listener.progress({
      status: 'reading',
      total: reader.totalRows ?? 0,
      substitutions: 0,
      failure: null,
      ...progress,
    })
    const { rows, total } = reader.malformed()
    if (total === malformed) return
    malformed = total
    listener.malformed(rows, total)
  }

  report({ done: 0, tokens: 0, secondsLeft: null })
  const sample = await sampleCorpus(reader, engine, {
    settings,
    onProgress: (progress) =>
      report({ done: progress.rows, tokens: progress.tokens, secondsLeft: secondsLeft(progress.bytes) }),
    checkpoint: async () => signal.throwIfAborted(),
  })
  const { skipped } = sample.corpus
  if (sample.texts.length === 0) {
    fail('invalid-request', `There is no text in ${reader.name}.`, {
      kept: skipped > 0 ? `Its ${skipped} rows were left out as empty or malformed.` : undefined,
      advice: 'Choose another column or another file.',
    })
  }
  const origin: CorpusOrigin = {
    name: reader.name,
    kind: source.kind,
    column: reader.column,
    sha256: await hashOf(source),
  }
  return { origin, ...sample }
}

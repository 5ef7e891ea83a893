import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusSource, RunListener } from '../core/corpus/corpusService'
import { noProgress, type RunHeader } from '../core/corpus/run'
import type { RunSettings } from '../core/corpus/runSettings'
import { fail } from '../core/failure'
import { type CorpusOptions, openCorpus } from './readers/openCorpus'
import { readSample } from './readSample'
import type { KeptRun, RunStore } from './store/runStore'

export interface NewRunOptions {
  readonly engine: CorpusEngine
  readonly store: Pick<RunStore, 'create'>
  readonly reading: CorpusOptions & { readonly signal: AbortSignal }
  readonly listener: Pick<RunListener, 'progress' | 'malformed'>
  /** Milliseconds. */
  readonly now: () => number
}

/** Not `randomUUID`, which pages without a secure context do not have. */
function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Reads a source, draws the sample and stores it: a run in which nothing is measured yet.
 *
 * @throws FailureError of the source, the engine or the store; `cancelled` by the signal
 */
export async function createRun(
  source: CorpusSource,
  settings: RunSettings,
  { engine, store, reading, listener, now }: NewRunOptions,
): Promise<KeptRun> {
  const { signal } = reading
  const startedAt = new Date().toISOString()
  const [reader, before] = await Promise.all([openCorpus(source, reading), engine.info()])
  const read = await readSample(reader, { source, settings, engine, listener, signal, now })
  const { layers, labels, provenance } = await engine.info()
  if (provenance.sha256 !== before.provenance.sha256) {
    fail('not-ready', 'The model was changed while the texts were read.', { advice: 'Start the run again.' })
  }
  const { origin, texts, counts, corpus } = read
  const header: RunHeader = {
    id: createId(),
    version: 1,
    settings,
    origin,
    provenance,
    layers,
    labels,
    startedAt,
    corpus,
    sampled: texts.length,
  }
  const progress = noProgress('paused', texts.length)
  signal.throwIfAborted()
  await store.create(header, counts, texts, progress)
  return { header, counts, progress, batches: [] }
}

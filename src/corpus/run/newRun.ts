import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { CorpusSource, RunListener } from '../../core/corpus/corpusService'
import {
  type CorpusOrigin,
  noProgress,
  type RunHeader,
  type RunSummary,
  type TokenCounts,
} from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { noTaskReason } from '../../core/corpus/taskLabels'
import { toHex } from '../../core/digest'
import type { ModelInfo } from '../../core/explorer'
import { FailureError, fail } from '../../core/failure'
import { type CorpusOptions, openCorpus } from '../readers/openCorpus'
import { readSample } from './readSample'
import type { CorpusSample } from './sample'
import type { CorpusText } from './textBatches'

/** Holds a run in which nothing is measured yet. */
export interface NewRun extends RunSummary {
  readonly counts: TokenCounts
  /** Texts in the order of the sample. */
  readonly texts: readonly CorpusText[]
}

/** Returns the fields of a run's header that describe its model. */
export const modelFields = ({ provenance, layers, labels, details }: ModelInfo) => ({
  provenance,
  layers,
  labels,
  ...(details?.prediction && { prediction: details.prediction }),
})

export interface RunStart {
  readonly settings: RunSettings
  readonly origin: CorpusOrigin
  readonly sample: CorpusSample
  /** Run id; random by default. */
  readonly id?: string
  /** ISO 8601; now by default. */
  readonly startedAt?: string
}

/**
 * Composes a run from its sample and the model that will measure: the only place where a header is made.
 *
 * @throws FailureError of the engine
 */
export async function createRun(
  engine: Pick<CorpusEngine, 'info'>,
  { settings, origin, sample, id = randomId(), startedAt = new Date().toISOString() }: RunStart,
): Promise<NewRun> {
  const model = modelFields(await engine.info())
  checkTask(settings, model)
  const { texts, counts, corpus } = sample
  const sampled = texts.length
  return {
    header: {
      id,
      version: 1,
      settings,
      origin,
      ...model,
      startedAt,
      corpus,
      sampled,
    },
    counts,
    texts,
    progress: noProgress('paused', sampled),
  }
}

/** @throws FailureError `invalid-request` where labels are given, and the model has none that could be right */
function checkTask(
  { task }: RunSettings,
  { labels, prediction }: Pick<RunHeader, 'labels' | 'prediction'>,
): void {
  if (!task) return
  const reason = noTaskReason(labels, prediction)
  if (reason) throw new FailureError(reason)
  const beyond = task.map.find(([, label]) => label !== null && label >= labels.length)
  if (beyond)
    fail(
      'invalid-request',
      `“${beyond[0]}” stands for label ${beyond[1]}, and the model has ${labels.length}.`,
    )
}

/** Returns a random id; `randomUUID` is missing in pages without a secure context. */
const randomId = () => toHex(crypto.getRandomValues(new Uint8Array(16)))

export interface ReadRunOptions {
  readonly engine: CorpusEngine
  readonly reading: CorpusOptions & { readonly signal: AbortSignal }
  readonly listener: Pick<RunListener, 'progress' | 'malformed'>
  /** Milliseconds. */
  readonly now: () => number
}

/**
 * Reads a source and draws the sample of a new run.
 *
 * @throws FailureError of the source or the engine; `cancelled` by the signal
 */
export async function readNewRun(
  source: CorpusSource,
  settings: RunSettings,
  { engine, reading, listener, now }: ReadRunOptions,
): Promise<NewRun> {
  const { signal } = reading
  const labelColumn = settings.task?.column ?? null
  const startedAt = new Date().toISOString()
  const [reader, before] = await Promise.all([openCorpus(source, { ...reading, labelColumn }), engine.info()])
  const { origin, ...sample } = await readSample(reader, { source, settings, engine, listener, signal, now })
  const run = await createRun(engine, { settings, origin, sample, startedAt })
  if (run.header.provenance.sha256 !== before.provenance.sha256) {
    fail('not-ready', 'The model was changed while the texts were read.', { advice: 'Start the run again.' })
  }
  signal.throwIfAborted()
  return run
}

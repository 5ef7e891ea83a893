import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusRun, RunProgress } from '../core/corpus/run'
import { DEFAULT_SETTINGS } from '../core/corpus/runLink'
import type { RunSettings } from '../core/corpus/runSettings'
import { fail } from '../core/failure'
import { withCanonicalSubstitutes } from '../corpus/run/canonicalSubstitutes'
import { PROCESSOR_LIMITS } from '../corpus/run/measureSequence'
import { measureWhole } from '../corpus/run/measureWhole'
import { createRun } from '../corpus/run/newRun'
import { sampleCorpus } from '../corpus/run/sample'
import type { CorpusText } from '../corpus/run/textBatches'

export interface TextsRunOptions {
  /** Settings; the page's defaults for those left out. */
  readonly settings?: Partial<RunSettings>
  /** Name of the texts, for display. */
  readonly name?: string
  readonly onProgress?: (progress: RunProgress) => void
}

const TEXTS_PER_BATCH = 256

/** Holds a text with the value that stands for its right label; absent: it has none. */
export interface LabelledText {
  readonly text: string
  readonly label?: string
}

async function* batchesOf(texts: Iterable<string | LabelledText>) {
  let batch: CorpusText[] = []
  let row = 0
  for (const text of texts) {
    batch.push({ row: row++, ...(typeof text === 'string' ? { text } : text) })
    if (batch.length < TEXTS_PER_BATCH) continue
    yield { texts: batch, bytesRead: 0 }
    batch = []
  }
  yield { texts: batch, bytesRead: 0 }
}

/**
 * Makes a whole run over texts in memory: its records are those of `ripplescope run` over the same texts.
 *
 * @throws FailureError of the engine; `invalid-request` where there is no text
 */
export async function runOverTexts(
  engine: CorpusEngine,
  texts: Iterable<string | LabelledText>,
  { settings: chosen = {}, name = 'texts', onProgress = () => {} }: TextsRunOptions = {},
): Promise<CorpusRun> {
  const settings = { ...DEFAULT_SETTINGS, ...chosen }
  const sample = await sampleCorpus({ batches: () => batchesOf(texts) }, engine, { settings })
  if (sample.texts.length === 0) fail('invalid-request', 'There is no text to measure.')
  const origin = { name, kind: 'file', column: null, sha256: null } as const
  const run = await createRun(engine, { settings, origin, sample })
  return measureWhole(run, {
    engine: withCanonicalSubstitutes(engine),
    limits: PROCESSOR_LIMITS,
    onProgress,
  })
}

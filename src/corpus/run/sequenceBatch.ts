import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { concatTables } from '../../core/corpus/records/recordBuilder'
import type { RecordTables } from '../../core/corpus/records/records'
import type { RunHeader } from '../../core/corpus/run'
import { targetOf } from '../../core/corpus/taskLabels'
import { fail } from '../../core/failure'
import { FIRST_SEQUENCES } from '../runRecords'
import type { RunStore } from '../store/runStore'
import type { EncodedSequence } from './sequenceRecords'
import { callsOf, MAX_KEPT_CHARACTERS } from './textBatches'

/** Number of sequences measured between two writes, which a crash can lose. */
export const SEQUENCES_PER_BATCH = 8

export interface BatchUnderWay {
  readonly index: number
  /** Sequences in the order in which they are measured. */
  readonly sequences: readonly EncodedSequence[]
  /** Tables by index in the sample. */
  readonly results: Map<number, RecordTables>
}

export interface EncodeOptions {
  readonly engine: Pick<CorpusEngine, 'encodeTexts'>
  readonly store: Pick<RunStore, 'text'>
  readonly header: Pick<RunHeader, 'id' | 'sampled' | 'settings'>
  /** Awaited between calls of the engine: rejects to stop. */
  readonly checkpoint: () => Promise<void>
}

const byLength = (a: EncodedSequence, b: EncodedSequence) =>
  a.inputIds.length - b.inputIds.length || a.sequence - b.sequence

/**
 * Tokenizes a batch of the sample: the first sequences in the order of the sample, so that each can be shown at once;
 * those of later batches in the order of their length.
 *
 * @throws FailureError `storage` where a text is gone, or that of the engine
 */
export async function encodeBatch(
  index: number,
  {
    engine,
    store,
    header: {
      id,
      sampled,
      settings: { task },
    },
    checkpoint,
  }: EncodeOptions,
): Promise<BatchUnderWay> {
  const first = index * SEQUENCES_PER_BATCH
  const count = Math.min(SEQUENCES_PER_BATCH, sampled - first)
  const kept = await Promise.all(Array.from({ length: count }, (_, i) => store.text(id, first + i)))
  const texts = kept.map(
    (text) =>
      text ??
      fail('storage', 'The texts of this run are no longer kept, so it cannot go on.', {
        kept: 'What was measured is kept.',
        advice: 'Start a new run over the same corpus.',
      }),
  )
  const sequences: EncodedSequence[] = []
  for (const call of callsOf(texts.map(({ text }) => text))) {
    await checkpoint()
    const { inputIds, truncated } = await engine.encodeTexts(call, { ids: true })
    for (const [i, ids] of inputIds.entries()) {
      const { row, text, label } = texts[sequences.length]
      sequences.push({
        sequence: first + sequences.length,
        row,
        inputIds: Array.from(ids),
        // One less where a character would have been cut in half.
        truncated: truncated[i] || text.length >= MAX_KEPT_CHARACTERS - 1,
        ...(task && { target: targetOf(task, label) }),
      })
    }
  }
  if (first >= FIRST_SEQUENCES) sequences.sort(byLength)
  return { index, sequences, results: new Map() }
}

/** Returns the batch's rows in the order of the sample. */
export function batchTables({ results }: BatchUnderWay): RecordTables {
  return concatTables([...results].sort(([a], [b]) => a - b).map(([, tables]) => tables))
}

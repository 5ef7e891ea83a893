import type { RunSettings } from '../../core/corpus/runSettings'
import type { CorpusReader } from '../../corpus/readers/corpusReader'
import { SEQUENCES_PER_BATCH } from '../../corpus/run/runner'
import { batchRange, missingBatches, shardPart } from './measureRun'
import { openRunFolder } from './runFolder'
import type { Shard } from './startedRun'

/** Counts the texts, up to `enough` of them. */
async function countTexts({ totalRows, batches }: CorpusReader, enough: number): Promise<number> {
  if (totalRows !== null) return totalRows
  let texts = 0
  for await (const batch of batches()) {
    texts += batch.texts.length
    if (texts >= enough) break
  }
  return texts
}

/**
 * Returns how many batches a run has still to measure, as far as this is known before its texts are read with a model:
 * empty rows count, too.
 *
 * @param most no more need be known of
 */
export async function expectedBatches(
  path: string,
  reader: CorpusReader,
  { sampleSize }: Pick<RunSettings, 'sampleSize'>,
  { index, of }: Shard,
  most: number,
): Promise<number> {
  const begun = await openRunFolder(path)
  if (begun) return (await missingBatches(begun)).length
  const enough = Math.min(sampleSize, most * of * SEQUENCES_PER_BATCH)
  const texts = Math.min(await countTexts(reader, enough), enough)
  const { from, to } = batchRange(shardPart(texts, index, of))
  return to - from
}

import type { CorpusSource } from '../../core/corpus/corpusService'
import { MAX_LABEL_VALUES } from '../../core/corpus/runSettings'
import { fail } from '../../core/failure'
import { type CorpusOptions, openCorpus } from './openCorpus'

/** Number of values above which a column holds something else than labels. */
const MOST = Math.min(100, MAX_LABEL_VALUES)

/**
 * Reads a column to its end, and returns its different values in the order in which they come; rows without a text are left
 * out, as in a run.
 *
 * @throws FailureError as `openCorpus`; `invalid-request` where there are more values than labels can have
 */
export async function labelValues(
  source: CorpusSource,
  column: string,
  options: CorpusOptions,
): Promise<readonly string[]> {
  const reader = await openCorpus(source, { ...options, labelColumn: column })
  const values = new Set<string>()
  for await (const { texts } of reader.batches()) {
    for (const { label } of texts) if (label !== undefined) values.add(label)
    if (values.size <= MOST) continue
    fail(
      'invalid-request',
      `The column “${column}” has more than ${MOST} different values, so it holds no labels.`,
      {
        advice: 'Choose another column, or none.',
      },
    )
  }
  return [...values]
}

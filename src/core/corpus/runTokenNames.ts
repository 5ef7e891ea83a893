import { NONE, TABLES } from './records/records'
import type { CorpusRun, TokenNames } from './run'

/** Matches columns that hold ids of the vocabulary. */
const TOKEN_COLUMN = /(^|_)(token|substitute)_id$/

/** Returns the vocabulary's entries for every token that a run's tables and counts name, ids ascending. */
export function runTokenNames(
  { tables, counts }: Pick<CorpusRun, 'tables' | 'counts'>,
  vocabulary: readonly string[],
): TokenNames {
  const named = new Uint8Array(vocabulary.length)
  const mark = (ids: ArrayLike<number>) => {
    for (let i = 0; i < ids.length; i++) if (ids[i] !== NONE && ids[i] < named.length) named[ids[i]] = 1
  }
  mark(counts.tokenIds)
  for (const table of TABLES) {
    for (const [name, values] of Object.entries(tables[table].columns)) {
      if (TOKEN_COLUMN.test(name)) mark(values)
    }
  }
  return vocabulary.flatMap((token, id) => (named[id] === 1 ? [[id, token] as const] : []))
}

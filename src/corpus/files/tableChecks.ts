import { createColumn } from '../../core/corpus/records/recordBuilder'
import {
  type ColumnSchema,
  NONE,
  type RecordTable,
  type RecordTables,
  TABLES,
} from '../../core/corpus/records/records'
import type { RunHeader, TokenCounts } from '../../core/corpus/run'
import { PERTURBATIONS, PLACES } from '../../core/corpus/runSettings'
import { damaged, MAX_UNPACKED_BYTES, tooLarge } from './damagedRun'

/** Columns of the table of token counts in files. */
export const COUNTS_SCHEMA: readonly ColumnSchema[] = [
  { name: 'token_id', type: 'uint32', unit: '1', description: 'tokens that occur in the corpus, ascending' },
  {
    name: 'count',
    type: 'uint32',
    unit: 'occurrences',
    description: 'how often, in the whole corpus rather than the sample',
  },
]

export const countsTable = ({ tokenIds, counts }: TokenCounts): RecordTable => ({
  rows: tokenIds.length,
  columns: { token_id: tokenIds, count: counts },
})

/** Largest token id; no tokenizer has more tokens. */
const MAX_TOKEN_ID = 0xffffff

/** @throws FailureError `damaged-file` */
export function tokenCountsOf({ columns }: RecordTable): TokenCounts {
  const tokenIds = Uint32Array.from(columns.token_id)
  const counts = Uint32Array.from(columns.count)
  for (let i = 0; i < tokenIds.length; i++) {
    const isAscending = i === 0 || tokenIds[i] > tokenIds[i - 1]
    if (!isAscending || tokenIds[i] > MAX_TOKEN_ID || counts[i] === 0)
      damaged('its token counts make no sense')
  }
  return { tokenIds, counts }
}

/** Refuses tables that would not fit, before memory is allocated for them. */
export function checkSize(
  tables: readonly { readonly rows: number; readonly schema: readonly ColumnSchema[] }[],
) {
  let bytes = 0
  for (const { rows, schema } of tables) {
    for (const { type } of schema) bytes += rows * createColumn(type, 0).BYTES_PER_ELEMENT
  }
  if (bytes > MAX_UNPACKED_BYTES) tooLarge(bytes, MAX_UNPACKED_BYTES)
}

/** Returns the upper bound (exclusive) of a column's values, by the end of its name. `NONE` is always allowed. */
function boundOf(name: string, { sampled }: RunHeader): number {
  if (name === 'sequence') return sampled
  if (name === 'perturbation') return PERTURBATIONS.length
  if (name === 'place') return PLACES.length
  return name.endsWith('token_id') || name === 'substitute_id' ? MAX_TOKEN_ID + 1 : Number.POSITIVE_INFINITY
}

/**
 * Checks what the figures rely on: known codes, sequences of the sample, tokens of a vocabulary.
 *
 * @throws FailureError `damaged-file`
 */
export function checkTables(tables: RecordTables, header: RunHeader): void {
  for (const table of TABLES) {
    for (const [name, column] of Object.entries(tables[table].columns)) {
      const bound = boundOf(name, header)
      if (bound === Number.POSITIVE_INFINITY) continue
      for (let row = 0; row < column.length; row++) {
        if (column[row] >= bound && column[row] !== NONE) {
          damaged(`${column[row]} stands for nothing as ${name} of the table ${table}`)
        }
      }
    }
  }
}

import type { ColumnSchema, RecordTable } from '../../core/corpus/records/records'
import { tableSchemas, tablesOf } from '../../core/corpus/records/records'
import type { CorpusRun, TokenNames } from '../../core/corpus/run'
import { formatCsv } from '../../core/exports/csv'
import { formatFloat32 } from './number32'
import { FORMAT, VERSION } from './runHeaderSchema'
import { COUNTS_SCHEMA, countsTable } from './tableChecks'

const ROWS_AT_ONCE = 4096

const formatCell = (value: number) => (Number.isNaN(value) ? '' : formatFloat32(value))

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Writes RFC 4180 with a header line; NaN becomes an empty cell. */
export function formatTableCsv(schema: readonly ColumnSchema[], { rows, columns }: RecordTable): Uint8Array {
  const encoder = new TextEncoder()
  const parts = [encoder.encode(`${schema.map(({ name }) => name).join(',')}\n`)]
  const formatted = schema.map(({ name, type }) => ({
    values: columns[name],
    format: type === 'float32' ? formatCell : String,
  }))
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    let lines = ''
    for (let row = start; row < Math.min(rows, start + ROWS_AT_ONCE); row++) {
      lines += `${formatted.map(({ values, format }) => format(values[row])).join(',')}\n`
    }
    parts.push(encoder.encode(lines))
  }
  return joinBytes(parts)
}

/**
 * Returns a run as CSV files by name: one per table, the counts, the header as JSON, `columns.csv` with the type, unit
 * and meaning of every column, and the names of its tokens if given.
 */
export function csvRunFiles(
  { header, counts, tables, status }: CorpusRun,
  tokenNames: TokenNames | null = null,
): Record<string, Uint8Array> {
  const schemas = tableSchemas(header.layers, header.settings)
  const all = [
    ...tablesOf(header.settings).map((name) => ({ name, schema: schemas[name], table: tables[name] })),
    { name: 'counts', schema: COUNTS_SCHEMA, table: countsTable(counts) },
  ]
  const columns = formatCsv(
    ['table', 'column', 'type', 'unit', 'description'],
    all.flatMap(({ name, schema }) =>
      schema.map(({ name: column, type, unit, description }) => ({
        table: name,
        column,
        type,
        unit,
        description,
      })),
    ),
  )
  const encoder = new TextEncoder()
  return {
    ...Object.fromEntries(
      all.map(({ name, schema, table }) => [`${name}.csv`, formatTableCsv(schema, table)]),
    ),
    'columns.csv': encoder.encode(columns),
    'run.json': encoder.encode(
      `${JSON.stringify({ format: FORMAT, version: VERSION, status, header }, null, 2)}\n`,
    ),
    ...(tokenNames ? { 'tokens.json': encoder.encode(JSON.stringify(tokenNames)) } : {}),
  }
}

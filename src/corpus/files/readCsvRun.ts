import { csvParseRows } from 'd3-dsv'
import * as v from 'valibot'
import { completeTable, fileSchema } from '../../core/corpus/records/addedColumns'
import { createColumn, emptyTables, everyTable } from '../../core/corpus/records/recordBuilder'
import {
  type ColumnSchema,
  type ColumnValues,
  type RecordTable,
  TABLES,
  tableSchemas,
  tablesOf,
} from '../../core/corpus/records/records'
import type { CorpusRun } from '../../core/corpus/run'
import { damaged } from './damagedRun'
import { FORMAT, parseRunJson, runHeaderSchema, runStatusSchema, VERSION } from './runHeaderSchema'
import { COUNTS_SCHEMA, checkSize, checkTables, tokenCountsOf } from './tableChecks'

/** Names of the files of `csvRunFiles` from which a run is read. */
export const CSV_TABLE_FILES = ['counts', ...TABLES].map((table) => `${table}.csv`)

const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  status: runStatusSchema,
  header: runHeaderSchema,
})

function readTable(name: string, text: string, schema: readonly ColumnSchema[]): RecordTable {
  const [heading, ...lines] = csvParseRows(text)
  const written = fileSchema(name, schema, heading ?? [])
  if (heading?.join() !== written.map((column) => column.name).join()) {
    damaged(`${name}.csv has other columns than it must have`)
  }
  const rows = lines.length
  checkSize([{ rows, schema }])
  const columns: Record<string, ColumnValues> = {}
  for (const [i, { name: column, type }] of written.entries()) {
    const values = createColumn(type, rows)
    for (let row = 0; row < rows; row++) {
      const cell = lines[row][i]
      const isFloat = type === 'float32'
      const value = cell === '' || cell === undefined ? Number.NaN : Number(cell)
      values[row] = value
      const fits = isFloat ? cell === '' || !Number.isNaN(value) : values[row] === value
      if (!fits || cell === undefined) damaged(`row ${row} of ${column} in ${name}.csv is no ${type}`)
    }
    columns[column] = values
  }
  return completeTable(name, schema, { rows, columns })
}

/**
 * Reads the result of `csvRunFiles`, bit for bit.
 *
 * @param files the unpacked zip
 * @param manifest its `run.json`
 * @throws FailureError `damaged-file`
 */
export function readCsvRun(files: Readonly<Record<string, Uint8Array>>, manifest: string): CorpusRun {
  const { header, status } = parseRunJson(manifest, manifestSchema)
  const schemas = tableSchemas(header.layers, header.settings)
  const decoder = new TextDecoder()
  const read = (name: string, schema: readonly ColumnSchema[]) => {
    const content = files[`${name}.csv`] ?? damaged(`${name}.csv is missing`)
    return readTable(name, decoder.decode(content), schema)
  }
  const written = tablesOf(header.settings)
  const empty = emptyTables(header.layers, header.settings)
  const tables = everyTable((table) => (written.includes(table) ? read(table, schemas[table]) : empty[table]))
  checkTables(tables, header)
  return { header, status, counts: tokenCountsOf(read('counts', COUNTS_SCHEMA)), tables }
}

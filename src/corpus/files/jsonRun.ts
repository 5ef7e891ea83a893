import * as v from 'valibot'
import { completeTable, fileSchema } from '../../core/corpus/records/addedColumns'
import { createColumn, emptyTables, everyTable } from '../../core/corpus/records/recordBuilder'
import {
  type ColumnSchema,
  type ColumnValues,
  type RecordTable,
  TABLES,
  type TableName,
  tableSchemas,
  tablesOf,
} from '../../core/corpus/records/records'
import type { CorpusRun, TokenNames } from '../../core/corpus/run'
import { damaged } from './damagedRun'
import { formatFloat32 } from './number32'
import {
  FORMAT,
  parseRunJson,
  runHeaderSchema,
  runStatusSchema,
  tokenNamesSchema,
  VERSION,
} from './runHeaderSchema'
import { COUNTS_SCHEMA, checkSize, checkTables, countsTable, tokenCountsOf } from './tableChecks'

/** Writes a number: NaN is null and infinity a string, since JSON has no numbers for them; -0 stays -0. */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'null'
  return Number.isFinite(value) ? formatFloat32(value) : `"${value}"`
}

function formatColumn(column: ColumnValues, type: ColumnSchema['type']): string {
  if (type !== 'float32') return `[${column.join(',')}]`
  const values = new Array<string>(column.length)
  for (let row = 0; row < column.length; row++) values[row] = formatFloat(column[row])
  return `[${values.join(',')}]`
}

function* tableParts(schema: readonly ColumnSchema[], { rows, columns }: RecordTable): Generator<string> {
  yield `{"rows":${rows},"columns":[\n`
  for (const [i, column] of schema.entries()) {
    const description = JSON.stringify(column).slice(0, -1)
    const values = formatColumn(columns[column.name], column.type)
    yield `${description},"values":${values}}${i < schema.length - 1 ? ',' : ''}\n`
  }
  yield ']}'
}

/**
 * Writes a run as one JSON file: header, names of its tokens if given, counts, and tables as columns with their types
 * and units. Yields parts of the text, in order, so that no string has to hold it all.
 */
export function* jsonRunParts(
  { header, counts, tables, status }: CorpusRun,
  tokenNames: TokenNames | null = null,
): Generator<string> {
  const schemas = tableSchemas(header.layers, header.settings)
  const names = tokenNames ? { token_names: tokenNames } : {}
  const mark = JSON.stringify({ format: FORMAT, version: VERSION, status, header, ...names }).slice(0, -1)
  yield `${mark},\n"counts":`
  yield* tableParts(COUNTS_SCHEMA, countsTable(counts))
  yield ',\n"tables":{'
  for (const [i, table] of tablesOf(header.settings).entries()) {
    yield `${i > 0 ? ',' : ''}\n"${table}":`
    yield* tableParts(schemas[table], tables[table])
  }
  yield '}}\n'
}

const tableSchema = v.strictObject({
  rows: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  columns: v.array(
    v.looseObject({
      name: v.string(),
      type: v.string(),
      values: v.custom<readonly unknown[]>(Array.isArray),
    }),
  ),
})

const runSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  status: runStatusSchema,
  header: runHeaderSchema,
  token_names: v.optional(tokenNamesSchema),
  counts: tableSchema,
  tables: v.strictObject({ ...everyTable(() => tableSchema), losses: v.exactOptional(tableSchema) }),
})

type FileTable = v.InferOutput<typeof tableSchema>

function parseFloat32(value: unknown): number | undefined {
  if (value === null) return Number.NaN
  if (value === 'Infinity' || value === '-Infinity') return Number(value)
  return typeof value === 'number' ? value : undefined
}

function readTable(
  name: string,
  { rows, columns: found }: FileTable,
  schema: readonly ColumnSchema[],
): RecordTable {
  const columns: Record<string, ColumnValues> = {}
  const written = fileSchema(
    name,
    schema,
    found.map((column) => column.name),
  )
  if (found.length !== written.length) damaged(`the table ${name} has other columns than it must have`)
  for (const [i, { name: column, type }] of written.entries()) {
    const { values } = found[i]
    if (found[i].name !== column || found[i].type !== type) {
      damaged(`the table ${name} has no column ${column} of type ${type} where it must be`)
    }
    if (values.length !== rows) {
      damaged(`the column ${column} of ${name} has ${values.length} rows instead of ${rows}`)
    }
    const read = createColumn(type, rows)
    for (let row = 0; row < rows; row++) {
      const value = type === 'float32' ? parseFloat32(values[row]) : values[row]
      if (typeof value === 'number') read[row] = value
      if (typeof value !== 'number' || (type !== 'float32' && read[row] !== value)) {
        damaged(`row ${row} of ${column} in ${name} is no ${type}`)
      }
    }
    columns[column] = read
  }
  return completeTable(name, schema, { rows, columns })
}

/**
 * Reads the result of `jsonRunParts`, bit for bit.
 *
 * @throws FailureError `damaged-file`
 */
export function parseJsonRun(json: string): CorpusRun & { readonly tokenNames: TokenNames | null } {
  const {
    header,
    status,
    counts,
    tables: found,
    token_names: tokenNames = null,
  } = parseRunJson(json, runSchema)
  const schemas = tableSchemas(header.layers, header.settings)
  const sizeOf = (table: TableName) => ({ rows: found[table]?.rows ?? 0, schema: schemas[table] })
  checkSize([{ rows: counts.rows, schema: COUNTS_SCHEMA }, ...TABLES.map(sizeOf)])
  const empty = emptyTables(header.layers, header.settings)
  const written = tablesOf(header.settings)
  const tables = everyTable((table) => {
    const content = found[table]
    if (content) return readTable(table, content, schemas[table])
    return written.includes(table) ? damaged(`the table ${table} is missing`) : empty[table]
  })
  checkTables(tables, header)
  const tokenCounts = tokenCountsOf(readTable('counts', counts, COUNTS_SCHEMA))
  return { header, status, counts: tokenCounts, tables, tokenNames }
}

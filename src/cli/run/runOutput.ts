import { extname, join } from 'node:path'
import { type RecordTable, type TableName, tableSchemas, tablesOf } from '../../core/corpus/records/records'
import type { RunHeader } from '../../core/corpus/run'
import { jsonRunParts } from '../../corpus/files/jsonRun'
import { formatFloat32 } from '../../corpus/files/number32'
import { writeParquetTable } from '../../corpus/files/parquetTable'
import { writeRunFile } from '../../corpus/files/runFile'
import { COUNTS_SCHEMA, countsTable } from '../../corpus/files/tableChecks'
import { writeAtomically } from '../atomicFile'
import { UsageError } from '../exitCodes'
import { type MergedRun, runOfPieces } from './mergedRun'

/** Formats of a result, by the end of its name; a name without one is a folder of tables. */
export const FILE_FORMATS = ['.zip', '.json', '.jsonl', '.parquet'] as const
type FileFormat = (typeof FILE_FORMATS)[number]

/** Returns the format of a result; null: a folder. @throws UsageError for a name that ends otherwise */
export function formatOf(path: string): FileFormat | null {
  const end = extname(path).toLowerCase()
  if (end === '') return null
  const format = FILE_FORMATS.find((known) => known === end)
  if (format) return format
  throw new UsageError(
    `${path} ends with ${end}, which is none of ${FILE_FORMATS.join(', ')}.`,
    'Name a file with one of these ends, or a folder without any.',
  )
}

const formatValue = (value: number, isFloat: boolean) => {
  if (!isFloat) return String(value)
  return Number.isFinite(value) ? formatFloat32(value) : 'null'
}

/** Writes one record per line. NaN is null. */
export function* recordLines(
  table: string,
  schema: readonly { name: string; type: string }[],
  records: RecordTable,
) {
  const columns = schema.map(({ name, type }) => ({
    key: JSON.stringify(name),
    values: records.columns[name],
    isFloat: type === 'float32',
  }))
  for (let row = 0; row < records.rows; row++) {
    const fields = columns.map(({ key, values, isFloat }) => `${key}:${formatValue(values[row], isFloat)}`)
    yield `{"table":"${table}",${fields.join()}}\n`
  }
}

/**
 * Writes the header, the names of tokens, the counts, then the records of each piece: one JSON object per line, whose
 * `table` names its kind.
 */
export async function* jsonLines(run: MergedRun): AsyncGenerator<string> {
  const { header, status, counts, names } = run
  yield `${JSON.stringify({ table: 'run', format: 'ripplescope-records', version: 1, status, header })}\n`
  for (const [token_id, token] of names) yield `${JSON.stringify({ table: 'tokens', token_id, token })}\n`
  yield* recordLines('counts', COUNTS_SCHEMA, countsTable(counts))
  const schemas = tableSchemas(header.layers, header.settings)
  for await (const tables of run.pieces()) {
    for (const table of tablesOf(header.settings)) yield* recordLines(table, schemas[table], tables[table])
  }
}

const parquetOf = (table: TableName, records: RecordTable, header: RunHeader) =>
  writeParquetTable(tableSchemas(header.layers, header.settings)[table], records, JSON.stringify(header))

async function writeFolder(path: string, merged: MergedRun): Promise<void> {
  const { header, counts, status, tables, tokenNames } = await runOfPieces(merged)
  for (const table of tablesOf(header.settings)) {
    await writeAtomically(join(path, `${table}.parquet`), [parquetOf(table, tables[table], header)])
  }
  await writeAtomically(join(path, 'counts.parquet'), [
    writeParquetTable(COUNTS_SCHEMA, countsTable(counts), JSON.stringify(header)),
  ])
  if (tokenNames) await writeAtomically(join(path, 'tokens.json'), [JSON.stringify(tokenNames)])
  // Last: whoever finds it finds the tables too.
  await writeAtomically(join(path, 'header.json'), [`${JSON.stringify({ status, header }, null, 2)}\n`])
}

/**
 * Writes a result: `.zip` (opens in the page; holds Parquet), `.json` (the same as one object), `.jsonl` (one record
 * per line), `.parquet` (one table), or a folder with one Parquet file per table.
 *
 * @param table the one that `.parquet` holds
 */
export async function writeResult(path: string, merged: MergedRun, table: TableName): Promise<void> {
  switch (formatOf(path)) {
    case null:
      return writeFolder(path, merged)
    case '.jsonl':
      return writeAtomically(path, jsonLines(merged))
    case '.json':
      return writeAtomically(path, jsonRunParts(await runOfPieces(merged)))
    case '.zip': {
      const run = await runOfPieces(merged)
      return writeAtomically(path, [await writeRunFile(run, run.figures, run.tokenNames)])
    }
    case '.parquet': {
      const { tables, header } = await runOfPieces(merged)
      return writeAtomically(path, [parquetOf(table, tables[table], header)])
    }
  }
}

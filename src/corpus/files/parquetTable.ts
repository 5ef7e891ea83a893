import { parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { completeTable, fileSchema } from '../../core/corpus/records/addedColumns'
import { createColumn } from '../../core/corpus/records/recordBuilder'
import type { ColumnSchema, ColumnValues, RecordTable } from '../../core/corpus/records/records'
import { damaged, orDamaged } from './damagedRun'

/** Key of the column descriptions in a file's metadata: a JSON list of name, type, unit, description. */
export const COLUMNS_KEY = 'ripplescope.columns'
/** Key of the run's header in a file's metadata: JSON. */
export const HEADER_KEY = 'ripplescope.header'

const CONVERTED_TYPES = { uint8: 'UINT_8', uint16: 'UINT_16', uint32: 'UINT_32' } as const

/** Returns the schema of a column: unsigned integers are INT32 with their converted type, as Parquet specifies. */
function elementOf({ name, type }: ColumnSchema): SchemaElement {
  const repetition_type = 'REQUIRED'
  if (type === 'float32') return { name, type: 'FLOAT', repetition_type }
  return { name, type: 'INT32', converted_type: CONVERTED_TYPES[type], repetition_type }
}

/** Returns lists, since the writer refuses typed arrays with values beyond int32, and knows none of 16 bits. */
const valuesOf = (column: ColumnValues) => (column instanceof Float32Array ? column : Array.from(column))

/**
 * Writes a table as a Parquet file of one row group. Values are stored plain or, floats, with their bytes split into
 * streams: never through a dictionary, which would take -0 for 0; and not compressed, which the zip around it does
 * better.
 *
 * @param header JSON that goes into the metadata
 */
export function writeParquetTable(
  schema: readonly ColumnSchema[],
  table: RecordTable,
  header: string,
): Uint8Array {
  const elements = schema.map(elementOf)
  const buffer = parquetWriteBuffer({
    columnData: schema.map(({ name, type }) => ({
      name,
      data: valuesOf(table.columns[name]),
      encoding: type === 'float32' ? 'BYTE_STREAM_SPLIT' : 'PLAIN',
    })),
    schema: [{ name: 'root', num_children: schema.length }, ...elements],
    codec: 'UNCOMPRESSED',
    statistics: false,
    rowGroupSize: Math.max(1, table.rows),
    kvMetadata: [
      { key: HEADER_KEY, value: header },
      { key: COLUMNS_KEY, value: JSON.stringify(schema) },
    ],
    createdBy: 'Ripplescope',
  })
  return new Uint8Array(buffer)
}

const isSame = (a: SchemaElement, b: SchemaElement) =>
  a.name === b.name &&
  a.type === b.type &&
  a.converted_type === b.converted_type &&
  a.repetition_type === b.repetition_type

/**
 * Reads the result of `writeParquetTable`, of this version or an earlier one.
 *
 * @param table what it holds: the name of the file, without its ending
 * @param rows how many there must be
 * @throws FailureError `damaged-file`: other columns, types or lengths
 */
export async function readParquetTable(
  bytes: Uint8Array,
  {
    table,
    schema,
    rows,
  }: { readonly table: string; readonly schema: readonly ColumnSchema[]; readonly rows: number },
): Promise<RecordTable> {
  const name = `${table}.parquet`
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => bytes.slice(start, end).buffer,
  }
  const metadata = await orDamaged(`${name} is no Parquet file`, () => parquetMetadataAsync(file))
  const elements = metadata.schema.slice(1)
  const written = fileSchema(
    table,
    schema,
    elements.map((element) => element.name),
  )
  const expected = written.map(elementOf)
  const wrong = expected.find((element, i) => !elements[i] || !isSame(elements[i], element))
  if (wrong || elements.length !== expected.length) {
    damaged(`${name} has other columns or types than it must have${wrong ? ` (${wrong.name})` : ''}`)
  }
  if (metadata.num_rows !== BigInt(rows)) {
    damaged(`${name} has ${metadata.num_rows} rows instead of ${rows}`)
  }
  const columns: Record<string, ColumnValues> = {}
  const filled: Record<string, number> = {}
  for (const { name: column, type } of written) {
    columns[column] = createColumn(type, rows)
    filled[column] = 0
  }
  await orDamaged(`the columns of ${name} have other lengths than it says`, () =>
    parquetRead({
      file,
      metadata,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const column = columns[columnName]
        for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i]
        filled[columnName] += columnData.length
      },
    }),
  )
  const short = written.find(({ name: column }) => filled[column] !== rows)
  if (short) damaged(`the column ${short.name} of ${name} has ${filled[short.name]} rows instead of ${rows}`)
  return completeTable(table, schema, { rows, columns })
}

import { gunzipSync } from 'fflate'
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet'
import { FailureError, fail } from '../../core/failure'
import type { RawRow, RowSource } from './rowSource'

/** Largest uncompressed size of a row group in the columns read: it is decoded as a whole. */
const MAX_GROUP_BYTES = 512 * 1024 * 1024
const ROWS_PER_BATCH = 512
const USUAL: Compressors = {
  GZIP: (input, outputLength) => gunzipSync(input, { out: new Uint8Array(outputLength) }),
}
/** Codecs that are fetched if a file uses them. */
const FURTHER = ['ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW'] as const
const CODECS: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', ...FURTHER])

async function compressorsFor({ row_groups: groups }: FileMetaData): Promise<Compressors> {
  const codecs = new Set<string>(
    groups.flatMap((group) => group.columns.map((c) => c.meta_data?.codec ?? '')),
  )
  if (!FURTHER.some((codec) => codecs.has(codec))) return USUAL
  const { compressors } = await import('hyparquet-compressors')
  return { ...USUAL, ...Object.fromEntries(FURTHER.map((codec) => [codec, compressors[codec]])) }
}

/** Holds a file that is read in parts, and its name for sentences. */
export interface ParquetFile {
  readonly name: string
  readonly buffer: AsyncBuffer
}

export interface OpenedParquet {
  readonly file: ParquetFile
  readonly metadata: FileMetaData
  /** Columns of plain values, `a.b` for the field b of the structure a; lists cannot be texts. */
  readonly columns: readonly string[]
  /** All outermost columns, which are read as a whole. */
  readonly roots: readonly string[]
  readonly totalRows: number
}

const damaged = (name: string, what: string, cause: unknown) =>
  cause instanceof FailureError
    ? cause
    : new FailureError(
        {
          kind: 'damaged-file',
          message: `${name} cannot be read as Parquet: ${what}.`,
          kept: 'The rows read before are kept.',
          advice: 'It may have been cut short: copy or download it again, or save the table as CSV.',
        },
        { cause },
      )

/** Lists the plain values of a column: its own, or those of the fields of a structure; none for lists and maps. */
function plainColumns({ element, children, path }: SchemaTree): string[] {
  if (element.repetition_type === 'REPEATED') return []
  return children.length === 0 ? [path.join('.')] : children.flatMap(plainColumns)
}

/** Returns the outermost columns in which these are, each once. */
const rootsOf = ({ roots }: OpenedParquet, columns: readonly string[]) => [
  ...new Set(
    columns.map((column) =>
      roots.includes(column) ? column : (roots.find((root) => column.startsWith(`${root}.`)) ?? column),
    ),
  ),
]

/** @throws FailureError `damaged-file` where the file has no readable footer */
export async function openParquetFile(file: ParquetFile): Promise<OpenedParquet> {
  try {
    const metadata = await parquetMetadataAsync(file.buffer)
    const { children } = parquetSchema(metadata)
    const roots = children.map(({ element }) => element.name)
    return {
      file,
      metadata,
      columns: children.flatMap(plainColumns),
      roots,
      totalRows: Number(metadata.num_rows),
    }
  } catch (cause) {
    throw damaged(file.name, 'its directory, at the end of the file, is missing or damaged', cause)
  }
}

const chunksIn = (group: RowGroup, roots: readonly string[]) =>
  group.columns.flatMap(({ meta_data }) =>
    meta_data && roots.includes(meta_data.path_in_schema[0]) ? [meta_data] : [],
  )

/** @throws FailureError `damaged-file` or `out-of-memory` where the columns cannot be decoded here */
export function checkParquetColumns(opened: OpenedParquet, columns: readonly string[]): void {
  const { file, metadata } = opened
  const roots = rootsOf(opened, columns)
  for (const group of metadata.row_groups) {
    const chunks = chunksIn(group, roots)
    const unknown = chunks.find(({ codec }) => !CODECS.has(codec))
    if (unknown) {
      fail('damaged-file', `${file.name} is compressed with ${unknown.codec}, which is not read here.`, {
        advice: "Write it again with snappy, in pandas: to_parquet(path, compression='snappy').",
      })
    }
    const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0)
    if (bytes > MAX_GROUP_BYTES) {
      fail('out-of-memory', `A row group of ${file.name} holds ${Math.round(bytes / 1e6)} MB of text.`, {
        advice: 'Write it again with smaller row groups, in pandas: to_parquet(path, row_group_size=10000).',
      })
    }
  }
}

/** Reads the rows of one file, a row group at a time. `line` counts them from 1. */
export async function* parquetRows(
  opened: OpenedParquet,
  columns: readonly string[],
  atMost = Number.POSITIVE_INFINITY,
): AsyncGenerator<RawRow[]> {
  checkParquetColumns(opened, columns)
  const { file, metadata } = opened
  const compressors = await compressorsFor(metadata)
  let groupStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = Math.min(groupStart + Number(group.num_rows), atMost)
    if (groupStart >= rowEnd) return
    let rows: Record<string, unknown>[]
    try {
      rows = await parquetReadObjects({
        file: file.buffer,
        metadata,
        columns: rootsOf(opened, columns),
        rowStart: groupStart,
        rowEnd,
        compressors,
        // Costs one read per row group: worth it only if a part of the group is wanted.
        useOffsetIndex: Number.isFinite(atMost),
      })
    } catch (cause) {
      throw damaged(file.name, `rows ${groupStart + 1} to ${rowEnd} are damaged`, cause)
    }
    for (let from = 0; from < rows.length; from += ROWS_PER_BATCH) {
      const line = groupStart + from + 1
      yield rows.slice(from, from + ROWS_PER_BATCH).map((cells, index) => ({ line: line + index, cells }))
    }
    groupStart = rowEnd
  }
}

/** Returns the bytes that are read for these columns; other columns are not read. */
export function parquetBytes(opened: OpenedParquet, columns: readonly string[]): number {
  const roots = rootsOf(opened, columns)
  const sizes = opened.metadata.row_groups.flatMap((group) => chunksIn(group, roots))
  return sizes.reduce((sum, { total_compressed_size }) => sum + Number(total_compressed_size), 0)
}

/** Wraps a blob for hyparquet, which reads parts of it. */
export const bufferOfBlob = (
  blob: Blob,
  read: (start: number, end: number) => Promise<ArrayBuffer>,
): AsyncBuffer => ({
  byteLength: blob.size,
  slice: (start, end = blob.size) => read(start, end),
})

/**
 * Opens a Parquet file (uncompressed, snappy, gzip, zstd, brotli or lz4), read in parts: at no time is more than a row
 * group of the needed columns in memory.
 *
 * @throws FailureError `damaged-file`
 */
export async function openParquet(file: ParquetFile): Promise<RowSource> {
  const opened = await openParquetFile(file)
  const { totalRows } = opened
  const totalBytes = file.buffer.byteLength
  return {
    name: file.name,
    format: 'parquet',
    totalRows,
    totalBytes,
    columns: opened.columns,
    notes: [],
    encoding: () => null,
    async *rows({ columns, atMost }) {
      let done = 0
      for await (const rows of parquetRows(opened, columns ?? opened.columns, atMost)) {
        done += rows.length
        yield { rows, bytesRead: Math.round((totalBytes * done) / totalRows) }
      }
    },
  }
}

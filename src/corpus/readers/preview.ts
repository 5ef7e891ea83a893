import type { SourcePreview } from '../../core/corpus/corpusService'
import { cellAt, columnsIn } from './cells'
import { MalformedRows } from './csv/malformedRows'
import { HEAD_BYTES } from './encoding/blobText'
import { likelyColumn } from './likelyColumn'
import type { RowCells, RowSource } from './rowSource'

/** Number of rows read for a preview, and of those that are shown. */
const ROWS_READ = 100
const ROWS_SHOWN = 20
const MAX_CHARACTERS = 200

function cellText(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  const text = typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value)
  if (text.length <= MAX_CHARACTERS) return text
  // Never half a character.
  return `${text.slice(0, MAX_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function columnsOf(source: RowSource, rows: readonly RowCells[]): readonly string[] {
  if (source.columns) return source.columns
  return [...new Set(rows.flatMap((cells) => (typeof cells === 'string' ? [] : columnsIn(cells))))]
}

/** Returns the first rows of an opened source: about 256 kB of text, or 100 rows. */
export async function previewRows(source: RowSource): Promise<SourcePreview> {
  const rows: RowCells[] = []
  const malformed = new MalformedRows()
  for await (const batch of source.rows({ columns: null, atMost: ROWS_READ })) {
    for (const row of batch.rows) {
      if (row.reason !== undefined) malformed.add(row.line, row.reason)
      else if (rows.length < ROWS_READ) rows.push(row.cells)
    }
    if (rows.length >= ROWS_READ || (rows.length > 0 && batch.bytesRead >= HEAD_BYTES)) break
  }
  const columns = columnsOf(source, rows)
  return {
    name: source.name,
    format: source.format,
    bytes: source.totalBytes ?? 0,
    encoding: source.encoding(),
    ...(source.reading && { reading: source.reading }),
    ...(source.notes.length > 0 && { notes: source.notes }),
    columns,
    likelyColumn: likelyColumn(columns, rows),
    rows: rows
      .slice(0, ROWS_SHOWN)
      .map((cells) =>
        typeof cells === 'string'
          ? [cellText(cells)]
          : columns.map((column) => cellText(cellAt(cells, column))),
      ),
    totalRows: source.totalRows,
    malformed: malformed.report().rows,
  }
}

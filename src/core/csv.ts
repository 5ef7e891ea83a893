import { csvFormat } from 'd3-dsv'

export type CsvRow = Readonly<Record<string, string | number | boolean | null>>

/**
 * Text as a spreadsheet may show it: what would be read as a formula gets an apostrophe in front. Numbers are left as
 * they are, minus sign and all.
 */
export function safeText(text: string): string {
  return /^\s*[=+\-@]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text
}

function cell(value: string | number | boolean | null): string {
  if (typeof value === 'string') return safeText(value)
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return ''
  return String(value)
}

/** RFC 4180 with a header line; null and what is no number become empty cells. */
export function formatCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const cells = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, cell(row[column] ?? null)])),
  )
  return `${csvFormat(cells, [...columns])}\n`
}

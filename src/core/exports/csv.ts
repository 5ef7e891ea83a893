import { csvFormat, csvFormatRows, csvParseRows } from 'd3-dsv'

export type CsvRow = Readonly<Record<string, string | number | boolean | null>>

function cell(value: string | number | boolean | null): string {
  return value === null || (typeof value === 'number' && !Number.isFinite(value)) ? '' : String(value)
}

/** Returns RFC 4180 with a header line. Text is unchanged; null and numbers that are not finite become empty cells. */
export function formatCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const cells = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, cell(row[column] ?? null)])),
  )
  return `${csvFormat(cells, [...columns])}\n`
}

/** Tells whether a spreadsheet may read a cell as a formula (OWASP, CSV injection); a number is none, minus sign and all. */
const looksLikeFormula = (text: string) =>
  /^[\t\r]/.test(text) ||
  (/^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]/u.test(text) && !Number.isFinite(Number(text)))

/**
 * Puts an apostrophe before every cell that a spreadsheet may read as a formula. Such a file is for people to look at: the
 * token `-` reads `'-` in it and no longer joins with other data.
 *
 * @param csv from `formatCsv`
 */
export function forSpreadsheet(csv: string): string {
  const rows = csvParseRows(csv, (row) => row.map((text) => (looksLikeFormula(text) ? `'${text}` : text)))
  return `${csvFormatRows(rows)}\n`
}

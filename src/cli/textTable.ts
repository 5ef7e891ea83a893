/** Describes one column of a table in a terminal. */
export interface TextColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const pad = (text: string, width: number, align: TextColumn['align']) =>
  align === 'left' ? text.padEnd(width) : text.padStart(width)

/** Formats a table in columns as wide as their widest cell, two spaces apart; the titles come first. */
export function formatTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => [...cells[column]].length)))
  return lines.map((cells) =>
    cells
      .map((cell, column) => pad(cell, widths[column], columns[column].align))
      .join('  ')
      .trimEnd(),
  )
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** Draws a bar for a share of a width, in eighths of a character. */
export function bar(share: number, width: number): string {
  const eighths = Number.isFinite(share) ? Math.round(Math.min(Math.max(share, 0), 1) * width * 8) : 0
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]
}

/** Cuts a text to a width, with an ellipsis if something was cut. */
export function clipped(text: string, width: number): string {
  const characters = [...text]
  return characters.length > width ? `${characters.slice(0, Math.max(width - 1, 0)).join('')}…` : text
}

import { cellAt } from './cells'
import type { RowCells } from './rowSource'

/** Number of characters that are enough to judge a value. */
const MAX_LENGTH = 4000

/** Returns how much natural language a value holds, in characters: links, numbers and codes hold none or little. */
function naturalLength(value: unknown): number {
  if (typeof value !== 'string') return 0
  const text = value.slice(0, MAX_LENGTH).trim()
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  if (letters < text.length / 2 || /^\w+:\/\/\S+$/.test(text)) return 0
  // Words are set apart, or written in a script that sets none apart.
  return /\s/.test(text) || /[^\p{Script=Latin}\P{L}]/u.test(text) ? letters : letters / 20
}

/** Returns the column with the longest natural language on average, the first of equals; null if none has any. */
export function likelyColumn(columns: readonly string[], rows: readonly RowCells[]): string | null {
  let best: string | null = null
  let most = 0
  for (const column of columns) {
    let sum = 0
    for (const cells of rows) {
      if (typeof cells !== 'string') sum += naturalLength(cellAt(cells, column))
    }
    if (sum > most) {
      best = column
      most = sum
    }
  }
  return best
}

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {'×' | 'ms' | 'kB' | 'MB'} unit
 * @property {import('./statistics.mjs').Spread | null} value null: not measured, the note says why
 * @property {number} [goal] at most
 * @property {string} [note]
 */

/** @param {number} value @param {Row['unit']} unit */
function format(value, unit) {
  return `${value.toFixed(unit === '×' ? 2 : unit === 'MB' ? 1 : value < 100 ? 1 : 0)} ${unit}`
}

/**
 * Says whether the median meets the goal; undecided where the goal lies between median and first quartile.
 *
 * @param {import('./statistics.mjs').Spread} value
 * @param {number} goal
 */
function verdict({ median, lower, rounds }, goal) {
  if (median <= goal) return 'yes'
  return rounds > 1 && lower <= goal ? 'in its spread' : 'NO'
}

/** @param {Row} row */
function cells({ name, value, unit, goal, note }) {
  const met = value && goal !== undefined ? verdict(value, goal) : ''
  return [
    name,
    value ? format(value.median, unit) : 'not measured',
    value && value.rounds > 1 ? `${format(value.lower, unit)} to ${format(value.upper, unit)}` : '',
    value && value.rounds > 1 ? format(value.fastest, unit) : '',
    value ? String(value.rounds) : '',
    goal === undefined ? '' : `<= ${Number(goal.toFixed(3))} ${unit}`,
    met,
    note ?? '',
  ]
}

const HEADINGS = ['what', 'median', 'quartiles', 'fastest', 'rounds', 'goal', 'met', 'how']

/** Writes rows as a plain table. @param {readonly Row[]} rows */
export function tableOf(rows) {
  const lines = [HEADINGS, ...rows.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

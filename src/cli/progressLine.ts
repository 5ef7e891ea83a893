import type { TextOutput } from './environment'

/** Milliseconds between two lines if the output is no terminal, and between two updates if it is one. */
const LINE_INTERVAL = 15_000
const UPDATE_INTERVAL = 100

export interface ProgressLine {
  update(text: string): void
  /** Writes a line that stays. */
  say(text: string): void
  /** Ends the current line. */
  end(): void
}

/** Shows progress: it overwrites itself in a terminal, and is a line now and then in a log. */
export function createProgressLine(
  output: TextOutput,
  isQuiet: boolean,
  now: () => number = () => performance.now(),
): ProgressLine {
  const isTerminal = Boolean(output.isTTY)
  let shownAt = Number.NEGATIVE_INFINITY
  let shown = ''

  function clear(): void {
    if (isTerminal && shown !== '') output.write(`\r${' '.repeat(shown.length)}\r`)
    shown = ''
  }

  return {
    update(text) {
      if (isQuiet || text === shown) return
      const time = now()
      if (time - shownAt < (isTerminal ? UPDATE_INTERVAL : LINE_INTERVAL)) return
      shownAt = time
      if (!isTerminal) {
        output.write(`${text}\n`)
        return
      }
      const line = text.slice(0, Math.max((output.columns || 80) - 1, 1))
      output.write(`\r${line}${' '.repeat(Math.max(shown.length - line.length, 0))}`)
      shown = line
    },
    say(text) {
      clear()
      if (!isQuiet) output.write(`${text}\n`)
    },
    end: clear,
  }
}

/** Formats a time: `1 h 20 min`, `3 min`, `12 s`. */
export function inTime(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

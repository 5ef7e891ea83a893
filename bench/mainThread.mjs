/**
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} ts µs
 * @property {number} [dur] µs
 * @property {number} [tdur] µs of the processor
 * @property {number} pid
 * @property {number} tid
 */

export const TRACE_CATEGORIES = ['-*', 'blink.user_timing', 'devtools.timeline', 'toplevel']

const TASK = 'ThreadControllerImpl::RunTask'

/** @param {readonly number[]} microseconds */
const sumOf = (microseconds) => microseconds.reduce((sum, value) => sum + value, 0) / 1000

/**
 * Returns the main thread's work for each click, from a trace in which `recordPage` marked presses, curves drawn and
 * rest.
 *
 * @param {readonly TraceEvent[]} events
 * @returns {{ toCurve: number, processor: number, toRest: number, longest: number }[]} ms: work until the curve was
 *   drawn, as time passed and as time of a processor, which other programs do not stretch; work until the page was at
 *   rest again; the longest single task
 */
export function workByClick(events) {
  const marks = events.filter(({ name }) => name.startsWith('bench-')).sort((a, b) => a.ts - b.ts)
  const presses = marks.filter(({ name }) => name === 'bench-press')
  return presses.map((press, click) => {
    const next = presses[click + 1]?.ts ?? Number.POSITIVE_INFINITY
    const after = (/** @type {string} */ wanted) =>
      marks.find(({ name, ts }) => name === wanted && ts > press.ts && ts < next)?.ts ?? Number.NaN
    const tasks = events.filter(
      ({ name, ph, pid, tid, ts, dur = 0 }) =>
        name === TASK && ph === 'X' && pid === press.pid && tid === press.tid && ts + dur > press.ts,
    )
    const startedBefore = (/** @type {number} */ end) => {
      const within = tasks.filter(({ ts }) => ts < end)
      return {
        work: sumOf(within.map(({ dur = 0 }) => dur)),
        processor: sumOf(within.map(({ tdur = 0 }) => tdur)),
        longest: Math.max(0, ...within.map(({ dur = 0 }) => dur / 1000)),
      }
    }
    const { work: toCurve, processor } = startedBefore(after('bench-drawn'))
    const { work: toRest, longest } = startedBefore(after('bench-rest'))
    return { toCurve, processor, toRest, longest }
  })
}

/**
 * Returns the tasks of the main thread of the page that left the mark `thread`, in a trace of Chromium's.
 *
 * @param {readonly TraceEvent[]} events
 * @returns {{ passed: number, processor: number }[]} ms of each: as time passed, and as time of a processor, which other
 *   programs do not stretch
 */
export function tasksOf(events) {
  const mark = events.findLast(({ name }) => name === 'thread')
  return events
    .filter(({ name, ph, pid, tid }) => name === TASK && ph === 'X' && pid === mark?.pid && tid === mark.tid)
    .map(({ dur = 0, tdur = 0 }) => ({ passed: dur / 1000, processor: tdur / 1000 }))
}

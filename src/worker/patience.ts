import { FailureError } from '../core/failure'

/**
 * Gives up work on a GPU that shows no sign of progress: drivers do hang, and one that shows none counts as lost.
 *
 * @param patience from one sign to the next, ms
 * @param work calls `onSign` at each sign; its signal aborts where the patience is at an end, or `outer` aborts
 * @throws FailureError `device-lost`
 */
export async function withPatience<T>(
  patience: number,
  outer: AbortSignal,
  work: (onSign: () => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stuck = new AbortController()
  const message = `it gave no answer for ${Math.round(patience / 1000)} s`
  let timer: ReturnType<typeof setTimeout> | undefined
  const onSign = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stuck.abort(new FailureError({ kind: 'device-lost', message })), patience)
  }
  onSign()
  try {
    return await work(onSign, AbortSignal.any([outer, stuck.signal]))
  } finally {
    clearTimeout(timer)
  }
}

import { FailureError } from '../core/failure'

/**
 * Work on a GPU that has to show signs of progress: drivers do hang, and one that shows none counts as lost.
 *
 * @param patience from one sign to the next, ms
 * @param work calls what it is given at each sign
 * @throws FailureError `device-lost`
 */
export async function withPatience<T>(
  patience: number,
  work: (onSign: () => void) => Promise<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let onSign = () => {}
  const stuck = new Promise<never>((_, reject) => {
    const message = `it gave no answer for ${Math.round(patience / 1000)} s`
    onSign = () => {
      clearTimeout(timer)
      timer = setTimeout(() => reject(new FailureError({ kind: 'device-lost', message })), patience)
    }
  })
  onSign()
  try {
    return await Promise.race([work(onSign), stuck])
  } finally {
    clearTimeout(timer)
  }
}

import { useEffect, useState } from 'react'

/** Wait, ms, after which the former answer is dimmed; a faster answer replaces it directly. */
const DIMMED_AFTER = 150

/**
 * Returns the former value while the next one is being computed, so that a panel does not flicker between two clicks.
 *
 * @param value the same reference as long as it is the same value
 * @param waiting whether another value is being computed
 * @returns `stale` once the wait is long enough to be seen
 */
export function useSteady<T>(
  value: T | null,
  waiting: boolean,
): { readonly shown: T | null; readonly stale: boolean } {
  const [kept, setKept] = useState(value)
  const next = value ?? (waiting ? kept : null)
  if (next !== kept) setKept(next)
  return { shown: next, stale: useLasting(value === null && next !== null) }
}

/** Returns true once a state has lasted a moment. */
export function useLasting(present: boolean): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!present) return
    const timer = setTimeout(() => setLasting(true), DIMMED_AFTER)
    return () => {
      clearTimeout(timer)
      setLasting(false)
    }
  }, [present])
  return present && lasting
}

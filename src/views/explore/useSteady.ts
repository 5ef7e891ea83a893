import { useEffect, useState } from 'react'

/** Answers sooner than this replace the former one without its being dimmed, ms. */
const DIMMED_AFTER = 150

/**
 * The former value while the next one is on its way, so that a panel does not blink between two clicks.
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

/** True when a state has lasted a moment. */
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

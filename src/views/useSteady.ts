import { useState } from 'react'

/**
 * The former value while the next one is on its way, so that a panel does not blink between two clicks.
 *
 * @param value the same reference as long as it is the same value
 * @param waiting whether another value is being computed
 */
export function useSteady<T>(
  value: T | null,
  waiting: boolean,
): { readonly shown: T | null; readonly stale: boolean } {
  const [kept, setKept] = useState(value)
  const next = value ?? (waiting ? kept : null)
  if (next !== kept) setKept(next)
  return { shown: next, stale: value === null && next !== null }
}

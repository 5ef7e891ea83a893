import { useEffect, useReducer } from 'react'

const count = (renders: number, _changed: unknown) => renders + 1

/**
 * Renders once more after `value` has changed: React keeps what a component held before until its next render, and of
 * many points that is as much again.
 */
export function useReleased(value: unknown): void {
  const [, renderFor] = useReducer(count, 0)
  useEffect(() => renderFor(value), [value])
}

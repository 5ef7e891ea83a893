import { useEffect, useReducer } from 'react'

const count = (renders: number, _changed: unknown) => renders + 1

/**
 * Renders once more after `value` has changed: React holds a component's former value until its next render, and for
 * many points that doubles the memory.
 */
export function useReleased(value: unknown): void {
  const [, renderFor] = useReducer(count, 0)
  useEffect(() => renderFor(value), [value])
}

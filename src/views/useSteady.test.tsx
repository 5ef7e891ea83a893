// @vitest-environment jsdom
import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { useSteady } from './useSteady'

afterEach(cleanup)

interface Props {
  readonly value: string | null
  readonly waiting: boolean
}

it('keeps the former value while the next is computed, and only then', () => {
  const { result, rerender } = renderHook(({ value, waiting }: Props) => useSteady(value, waiting), {
    initialProps: { value: 'a', waiting: false } as Props,
  })
  expect(result.current).toEqual({ shown: 'a', stale: false })
  rerender({ value: null, waiting: true })
  expect(result.current).toEqual({ shown: 'a', stale: true })
  rerender({ value: 'b', waiting: false })
  expect(result.current).toEqual({ shown: 'b', stale: false })
  rerender({ value: null, waiting: false })
  expect(result.current).toEqual({ shown: null, stale: false })
  rerender({ value: null, waiting: true })
  expect(result.current).toEqual({ shown: null, stale: false })
})

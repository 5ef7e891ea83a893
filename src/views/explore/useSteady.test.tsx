// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSteady } from './useSteady'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms))

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
  expect(result.current).toEqual({ shown: 'a', stale: false })
  wait(1000)
  expect(result.current).toEqual({ shown: 'a', stale: true })
  rerender({ value: 'b', waiting: false })
  expect(result.current).toEqual({ shown: 'b', stale: false })
  rerender({ value: null, waiting: false })
  expect(result.current).toEqual({ shown: null, stale: false })
  rerender({ value: null, waiting: true })
  wait(1000)
  expect(result.current).toEqual({ shown: null, stale: false })
})

it('does not dim what is replaced at once, nor the wait after it too early', () => {
  const { result, rerender } = renderHook(({ value, waiting }: Props) => useSteady(value, waiting), {
    initialProps: { value: 'a', waiting: false } as Props,
  })
  rerender({ value: null, waiting: true })
  wait(100)
  rerender({ value: 'b', waiting: false })
  wait(100)
  rerender({ value: null, waiting: true })
  wait(100)
  expect(result.current).toEqual({ shown: 'b', stale: false })
})

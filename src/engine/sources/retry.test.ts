import { afterEach, expect, it, vi } from 'vitest'
import { askedSeconds, waitFor } from './retry'

afterEach(() => vi.useRealTimers())

it.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ ratelimit: '"api";r=0;t=55' }, 55],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
] as const)('reads how long %o asks to wait', (headers, seconds) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
  expect(askedSeconds(new Headers(headers as Record<string, string>))).toBe(seconds)
})

it('ends a wait with the reason of its signal', async () => {
  const abort = new AbortController()
  const waiting = waitFor(60_000, abort.signal)
  abort.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
})

import { afterEach, expect, it, vi } from 'vitest'
import { FailureError } from '../../core/failure'
import { askedSeconds, type HostManner, requestPatiently, waitFor } from './retry'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

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

const MANNER: HostManner = {
  attempts: 3,
  maxWaitSeconds: 60,
  passes: () => true,
  refuse: () => Promise.reject(new Error('refused')),
  gone: () => new FailureError({ kind: 'network', message: 'The host does not answer.' }),
}

it.each([
  [true, 3],
  [undefined, 3],
  [false, 1],
])(
  'asks again where no answer comes, but at once no more without a network: onLine %s',
  async (onLine, asked) => {
    vi.stubGlobal('navigator', { onLine })
    const fetch = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
    const wait = vi.fn(async () => {})
    await expect(
      requestPatiently('https://host.test/', {}, MANNER, { fetch, wait }, () => null),
    ).rejects.toThrow('The host does not answer.')
    expect(fetch).toHaveBeenCalledTimes(asked)
    expect(wait).toHaveBeenCalledTimes(asked - 1)
  },
)

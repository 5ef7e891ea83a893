import { FailureError } from '../../core/failure'

export interface RetryOptions {
  readonly fetch?: typeof globalThis.fetch
  readonly signal?: AbortSignal
  /** Waits before a request is made again; rejects when the signal aborts. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Attempts of a request that fails in passing, one after the other; the host's own number if absent. */
  readonly attempts?: number
}

/** Describes how a host fails: what passes by itself, and what is said of the rest. */
export interface HostManner {
  readonly attempts: number
  /** Longest wait that is not the user's to decide. */
  readonly maxWaitSeconds: number
  /** Tells whether an answer of this status may be another one later. */
  passes(status: number): boolean
  /** @throws FailureError that says what a refusal means */
  refuse(response: Response): Promise<never>
  /** Says that the host did not answer. */
  gone(cause: unknown): FailureError
}

/** Tells whether an answer of this status may be another one later. */
export const mayPass = (status: number) => status === 408 || status === 429 || status >= 500

/** Returns the milliseconds before the attempt after this one, counted from 1. */
export const pauseAfter = (attempt: number) => 1000 * 2 ** (attempt - 1)

/** @throws the signal's reason where it ends the wait */
export function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/**
 * Returns the seconds that a server asks to wait: `Retry-After` in seconds or as a date, else the hub's own
 * `RateLimit: "api";r=0;t=55`; null where it says nothing, or the browser may not read it.
 */
export function askedSeconds(headers: Headers): number | null {
  const retryAfter = headers.get('retry-after')
  if (retryAfter !== null) {
    if (/^\s*\d+\s*$/.test(retryAfter)) return Number(retryAfter)
    const date = Date.parse(retryAfter)
    if (!Number.isNaN(date)) return Math.max(0, Math.ceil((date - Date.now()) / 1000))
  }
  const reset = /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')
  return reset ? Number(reset[1]) : null
}

/** Tells whether the browser knows that there is no network: then nothing is gained by asking again. */
const isOffline = () => globalThis.navigator?.onLine === false

/**
 * Asks a host and reads its answer. What fails in passing and a silent network are tried again: after as long as the
 * server says, else after 1, 2, 4, ... seconds.
 *
 * @param read a connection that breaks while it reads counts as an attempt
 * @throws FailureError as the host's manner says; the signal's reason
 */
export async function requestPatiently<T>(
  url: string,
  init: RequestInit,
  manner: HostManner,
  options: RetryOptions,
  read: (response: Response) => Promise<T> | T,
): Promise<T> {
  const { fetch = globalThis.fetch, wait = waitFor, attempts = manner.attempts, signal } = options
  for (let attempt = 1; ; attempt++) {
    const last = attempt >= attempts
    let pause = pauseAfter(attempt)
    signal?.throwIfAborted()
    try {
      const response = await fetch(url, { ...init, signal })
      if (response.ok) return await read(response)
      const asked = askedSeconds(response.headers)
      if (asked !== null) pause = 1000 * asked
      const final = last || pause > 1000 * manner.maxWaitSeconds || !manner.passes(response.status)
      if (final) await manner.refuse(response)
      await response.body?.cancel()
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof FailureError) throw cause
      if (last || isOffline()) throw manner.gone(cause)
    }
    await wait(pause, signal)
  }
}

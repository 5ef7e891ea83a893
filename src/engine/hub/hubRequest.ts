import { FailureError, fail } from '../../core/failure'
import type { HubName } from './hubName'
import { askedSeconds, waitFor } from './hubWait'

export interface HubOptions {
  /** Address of the hub, without a slash at the end. */
  readonly base?: string
  readonly fetch?: typeof globalThis.fetch
  readonly signal?: AbortSignal
  /** Waits before a request is made again; rejects when the signal aborts. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Times a request that failed in passing is made, one after the other. */
  readonly attempts?: number
}

export const ATTEMPTS = 5
/** A longer wait than this is the user's to decide. */
const MAX_WAIT_SECONDS = 60

const KEPT = 'What is open stays open, and what was fetched is kept.'

/** Before the attempt after this one, counted from 1. */
export const pauseAfter = (attempt: number) => 1000 * 2 ** (attempt - 1)

const passes = (status: number) => status === 408 || status === 429 || status >= 500

/**
 * What a refusal means (huggingface_hub, utils/_http.py). The hub answers 401 without a code for a model that does not
 * exist as for a private one, so that nobody can find out which.
 */
function refuse({ status, headers }: Response, { id, revision }: HubName, file: string | null): never {
  const code = headers.get('x-error-code')
  if (code === 'GatedRepo') refuseGated(id)
  if (code === 'RevisionNotFound') {
    fail('missing-file', `${id} has no revision “${revision}”.`, {
      kept: KEPT,
      advice: 'Check the branch, tag or commit on the model’s page.',
    })
  }
  if (code === 'EntryNotFound') {
    fail('missing-file', `${id} has no file ${file ?? 'of that name'} at ${revision}.`, { kept: KEPT })
  }
  if (headers.get('x-error-message') === 'Access to this resource is disabled.') {
    fail('missing-file', `The hub has disabled ${id}.`, { kept: KEPT })
  }
  if (status === 401 || status === 404 || code === 'RepoNotFound') {
    fail('missing-file', `The hub does not give out ${id}: there is no such model, or it is private.`, {
      kept: KEPT,
      advice:
        'Check the name. A private model can be downloaded with your account, and its folder dropped here.',
    })
  }
  if (status === 403) fail('missing-file', `The hub does not give out ${id} (403).`, { kept: KEPT })
  if (status === 429) {
    fail('network', 'The hub asks for a pause: too many requests came from this connection.', {
      kept: KEPT,
      advice: 'Wait a few minutes and try again.',
    })
  }
  fail('network', `The hub could not answer for ${file ?? id} (${status}).`, {
    kept: KEPT,
    advice: 'Try again later.',
  })
}

/** A gated model is shown to everyone and its files given to those whom its owner let in. */
export function refuseGated(id: string): never {
  fail('missing-file', `${id} is gated: its owner gives it only to accounts that asked for it.`, {
    kept: KEPT,
    advice: 'Ask for it on its page, download it with your account, and drop its folder here.',
  })
}

export const networkGone = (what: string, kept = KEPT, cause?: unknown) =>
  new FailureError(
    {
      kind: 'network',
      message: `${what} could not be fetched: the hub did not answer.`,
      kept,
      advice: 'Check the connection and try again.',
    },
    { cause },
  )

/**
 * Asks the hub and gives its answer as soon as its headers are there. 408, 429, 5xx and a silent network are tried
 * again: after as long as the server says, else after 1, 2, 4 and 8 seconds.
 *
 * @param file for sentences
 * @throws FailureError `missing-file` where there is none, or not for everyone; `network` for the rest
 */
export async function requestHub(
  url: string,
  name: HubName,
  file: string | null,
  options: HubOptions,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { fetch = globalThis.fetch, wait = waitFor, attempts = ATTEMPTS, signal } = options
  for (let attempt = 1; ; attempt++) {
    const last = attempt >= attempts
    let pause = pauseAfter(attempt)
    signal?.throwIfAborted()
    try {
      // What is fetched is kept in a cache of our own: a second copy in the browser's would only take room.
      const response = await fetch(url, { signal, headers, cache: 'no-store' })
      if (response.ok) return response
      const asked = askedSeconds(response.headers)
      if (asked !== null) pause = 1000 * asked
      await response.body?.cancel()
      if (last || pause > 1000 * MAX_WAIT_SECONDS || !passes(response.status)) refuse(response, name, file)
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof FailureError) throw cause
      if (last) throw networkGone(file ?? name.id, KEPT, cause)
    }
    await wait(pause, signal)
  }
}

import { FailureError, fail } from '../../../core/failure'
import { mayPass, type RetryOptions, requestPatiently } from '../retry'
import type { HubName } from './hubName'

export interface HubOptions extends RetryOptions {
  /** Address of the hub, without a slash at the end. */
  readonly base?: string
  /** Read token of the user's account, sent to the hub's own host and to no other. */
  readonly token?: string
}

export const ATTEMPTS = 5
const MAX_WAIT_SECONDS = 60

const KEPT = 'What is open stays open, and what was fetched is kept.'

/**
 * Says what a refusal means (huggingface_hub, utils/_http.py). The hub answers 401 without a code for a model that does
 * not exist as for a private one, so that nobody can find out which.
 */
function refuse(
  { status, headers }: Response,
  { id, revision }: HubName,
  file: string | null,
  hasToken: boolean,
): never {
  const code = headers.get('x-error-code')
  const message = headers.get('x-error-message') ?? ''
  if (hasToken && status === 401 && /credentials|token/i.test(message)) {
    fail('missing-file', 'The hub does not know this token: it is mistyped, expired or revoked.', {
      kept: KEPT,
      advice: 'Make one that may read at huggingface.co/settings/tokens, and paste it again.',
    })
  }
  if (code === 'GatedRepo') refuseGated(id, hasToken)
  if (code === 'RevisionNotFound') {
    fail('missing-file', `${id} has no revision “${revision}”.`, {
      kept: KEPT,
      advice: 'Check the branch, tag or commit on the model’s page.',
    })
  }
  if (code === 'EntryNotFound') {
    fail('missing-file', `${id} has no file ${file ?? 'of that name'} at ${revision}.`, { kept: KEPT })
  }
  if (message === 'Access to this resource is disabled.') {
    fail('missing-file', `The hub has disabled ${id}.`, { kept: KEPT })
  }
  if (status === 401 || status === 404 || code === 'RepoNotFound') {
    fail('missing-file', `The hub does not give out ${id}: there is no such model, or it is private.`, {
      kept: KEPT,
      advice: hasToken
        ? 'Check the name, and that the token’s account may read this model.'
        : 'Check the name. A private model opens with a token of an account that may read it; or download it and drop its folder here.',
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

/** Refuses a gated model: everyone sees it, but only accounts that its owner let in get its files. */
export function refuseGated(id: string, hasToken: boolean): never {
  fail('missing-file', `${id} is gated: its owner gives it only to accounts that asked for it.`, {
    kept: KEPT,
    advice: hasToken
      ? 'Ask for it on its page with the account of this token, and wait until its owner lets you in.'
      : 'Ask for it on its page, then give a token of your account here; or download it and drop its folder here.',
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

/** Asks the hub and returns its answer as soon as its headers are there (askHub). */
export const requestHub = (
  url: string,
  name: HubName,
  file: string | null,
  options: HubOptions,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => askHub(url, name, file, options, headers, (response) => response)

/**
 * Asks the hub and reads its answer. 408, 429, 5xx and a silent network are tried again.
 * The token goes with the request to the hub alone: a redirect to another host loses it (Fetch standard, "HTTP-redirect
 * fetch", step 13), and a test holds that.
 *
 * @param file for sentences
 * @throws FailureError `missing-file` where there is none, or not for everyone; `network` for the rest
 */
export function askHub<T>(
  url: string,
  name: HubName,
  file: string | null,
  options: HubOptions,
  headers: Readonly<Record<string, string>>,
  read: (response: Response) => Promise<T> | T,
): Promise<T> {
  const { token } = options
  const manner = {
    attempts: ATTEMPTS,
    maxWaitSeconds: MAX_WAIT_SECONDS,
    passes: mayPass,
    refuse: async (response: Response) => {
      await response.body?.cancel()
      return refuse(response, name, file, token !== undefined)
    },
    gone: (cause: unknown) => networkGone(file ?? name.id, KEPT, cause),
  }
  // Downloads are saved in a cache of our own: a second copy in the browser's would only take space.
  const init: RequestInit = {
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    cache: 'no-store',
  }
  return requestPatiently(url, init, manner, options, read)
}

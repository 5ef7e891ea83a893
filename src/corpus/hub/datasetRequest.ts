import { FailureError, fail } from '../../core/failure'
import { type RetryOptions, requestPatiently } from '../../engine/sources/retry'

/** Address of the Hub's public server for data sets (its "dataset viewer"). */
export const DATASETS_SERVER = 'https://datasets-server.huggingface.co'

export interface HubOptions extends RetryOptions {
  /** Address of the datasets server, without a slash at the end. */
  readonly base?: string
}

/** Largest number of characters of a server's answer in a sentence. */
const MAX_DETAIL = 160

/** Says whether to try again; 501 is the Hub's answer for data sets that it will never convert. */
const passes = (status: number) => status === 429 || (status >= 500 && status !== 501)

/** Returns the server's error, `{ "error": "..." }`, as the end of a sentence. */
async function detailOf(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null || !('error' in body)) return ''
    const error = String(body.error)
    return ` It says: “${error.length > MAX_DETAIL ? `${error.slice(0, MAX_DETAIL)}…` : error}”`
  } catch {
    return ''
  }
}

async function refuse(response: Response, dataset: string): Promise<never> {
  const { status } = response
  const detail = await detailOf(response)
  if (status === 401 || status === 403) {
    fail('missing-file', `The hub does not give out ${dataset}: there is none, or it is private or gated.`, {
      advice:
        'Check the name, owner/name, as the hub writes it. A gated data set can be downloaded with your account, ' +
        'and the file chosen here.',
    })
  }
  if (status === 404) {
    fail('missing-file', `The hub does not find ${dataset}.${detail}`, {
      advice: 'Check the name, owner/name, as the hub writes it today: data sets get renamed.',
    })
  }
  if (status === 501) {
    fail('missing-file', `The hub does not offer the rows of ${dataset}.${detail}`, {
      advice: 'Download its files and choose one of them here.',
    })
  }
  if (status === 429) {
    fail('network', `The hub asks for a longer pause before it answers for ${dataset} again.`, {
      kept: 'What was read before is kept.',
      advice: 'Wait a few minutes and try again.',
    })
  }
  fail('network', `The hub could not answer for ${dataset} (${status}).${detail}`, {
    kept: 'What was read before is kept.',
    advice: 'Try again later, or download the file and choose it here.',
  })
}

/**
 * Asks the Hub and reads its answer. 429, 5xx and broken connections are tried again, up to five times.
 *
 * @throws FailureError `missing-file` for 401, 403, 404 and 501; `network` for the rest
 */
export function requestDataset<T>(
  url: string,
  dataset: string,
  options: HubOptions,
  read: (response: Response) => Promise<T>,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const manner = {
    attempts: 6,
    maxWaitSeconds: 120,
    passes,
    refuse: (response: Response) => refuse(response, dataset),
    gone: (cause: unknown) => unreachable(dataset, cause),
  }
  return requestPatiently(url, { headers }, manner, options, read)
}

const unreachable = (dataset: string, cause: unknown) =>
  new FailureError(
    {
      kind: 'network',
      message: `${dataset} could not be fetched: the hub did not answer.`,
      kept: 'What was read before is kept.',
      advice: 'Check the connection and try again, or choose a file.',
    },
    { cause },
  )

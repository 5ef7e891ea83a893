import { fail } from '../core/failure'
import { type RunFile, readRunFile } from './files/runFile'

/** Says whether the answer is a page: many hosts answer with one for a missing file. */
const isPage = (response: Response) => response.headers.get('content-type')?.startsWith('text/html') ?? false

/**
 * Fetches a finished run that comes with the page.
 *
 * @param id of `SHIPPED_RUNS`
 * @param base address of the page's folder, with a trailing slash
 * @throws FailureError `network`; `missing-file` where none comes with it; `damaged-file`
 */
export async function fetchShippedRun(
  id: string,
  base: string,
  fetch: typeof globalThis.fetch,
): Promise<RunFile> {
  let response: Response
  let file: Blob
  try {
    response = await fetch(new URL(`corpora/${encodeURIComponent(id)}.zip`, base).href)
    file = await response.blob()
  } catch {
    return fail('network', 'The finished run that comes with the page could not be fetched.', {
      advice: 'Check the connection and try again.',
    })
  }
  if (!response.ok || isPage(response)) {
    fail('missing-file', 'This finished run does not come with this copy of the page.', {
      advice: 'A page built from the repository has it. Or start a run of your own, or open a file.',
    })
  }
  const run = await readRunFile(file)
  const { origin, provenance } = run.header
  return {
    ...run,
    header: {
      ...run.header,
      id,
      origin: { ...origin, kind: 'shipped' },
      provenance: { ...provenance, shipped: true },
    },
  }
}

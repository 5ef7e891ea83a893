import type { LoadProgress } from '../core/explorer'
import { fail } from '../core/failure'
import type { SourceFile, UrlSource } from '../core/modelSource'
import { readBody } from './fetchModelFiles'
import type { ModelFiles } from './modelFiles'
import { readModelFolder } from './modelFolder'
import { planUrlSource, requestFile } from './urlListing'

/**
 * Fetches a model folder of the hub's layout from an address.
 *
 * @throws FailureError as planUrlSource and readModelFolder do; `network` where the connection breaks
 */
export async function fetchUrlSource(
  source: UrlSource,
  onProgress: (progress: LoadProgress) => void,
  page: string = globalThis.location.href,
): Promise<ModelFiles> {
  const plan = await planUrlSource(source, page)
  const totalBytes = plan.files.some(({ bytes }) => bytes === null) ? 0 : plan.bytes
  const files: SourceFile[] = []
  let fetched = 0
  for (const { path } of plan.files) {
    const response = await requestFile(new URL(path, plan.source.url))
    if (!response) continue
    const { blob, whole } = await readBody(response, (bytes) =>
      onProgress({ stage: 'files', loadedBytes: fetched + bytes, totalBytes }),
    )
    if (!whole) {
      fail('network', `${path} was cut off after ${blob.size} bytes.`, {
        kept: 'The model that was open stays open.',
        advice: 'Check the connection and try again.',
      })
    }
    fetched += blob.size
    files.push({ path, blob })
  }
  return readModelFolder(plan.source.url, files)
}

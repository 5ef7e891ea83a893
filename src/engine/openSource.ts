import type { LoadProgress } from '../core/explorer'
import { idOfFolder, type ModelSource } from '../core/modelSource'
import { fetchModelFiles } from './fetchModelFiles'
import type { ModelFiles } from './modelFiles'

/**
 * Fetches or reads the files of a model, wherever it comes from. What only one source needs is loaded with it: the
 * built-in model does not wait for it.
 *
 * @throws FailureError `network`, `missing-file`, `damaged-file` or `unsupported-model`, with the reason
 */
export async function openSource(
  source: ModelSource,
  onProgress: (progress: LoadProgress) => void,
): Promise<ModelFiles> {
  switch (source.kind) {
    case 'hosted':
      return fetchModelFiles(source, onProgress)
    case 'hub': {
      const { fetchHubSource } = await import('./hub/openSourceHub')
      return fetchHubSource(source, { onProgress })
    }
    case 'files': {
      const { readModelFolder } = await import('./modelFolder')
      return readModelFolder(idOfFolder(source.name), source.files)
    }
    case 'url': {
      const { fetchUrlSource } = await import('./openSourceUrl')
      return fetchUrlSource(source, onProgress)
    }
  }
}

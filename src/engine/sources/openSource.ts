import type { LoadProgress } from '../../core/explorer'
import { idOfFolder, type ModelSource } from '../../core/modelSource'
import type { ModelFiles } from '../modelFiles'
import { fetchShippedModel } from './shippedModel'

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
      return fetchShippedModel(source, onProgress)
    case 'hub': {
      const { fetchHubModel } = await import('./hub/hubModel')
      return fetchHubModel(source, { onProgress, token: source.token })
    }
    case 'files': {
      const [{ readFolder }, { localFolder }] = await Promise.all([
        import('./readFolder'),
        import('./localFolder'),
      ])
      return readFolder(localFolder(idOfFolder(source.name), source.files), { below: true })
    }
    case 'url': {
      const { fetchAddressModel } = await import('./addressFolder')
      return fetchAddressModel(source, { onProgress })
    }
  }
}

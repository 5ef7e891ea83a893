import type { LoadProgress } from '../../core/explorer'
import { idOfFolder, type ModelSource, type TokenizerFromElsewhere } from '../../core/modelSource'
import type { ModelFiles } from '../modelFiles'
import { fetchShippedModel, fetchShippedTokenizer } from './shippedModel'

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
  const { tokenizer: name, builtInUrl }: TokenizerFromElsewhere = source.kind === 'hosted' ? {} : source
  const builtIn = builtInUrl === undefined ? undefined : () => fetchShippedTokenizer(builtInUrl)
  const tokenizer = async () => {
    if (name === undefined) return undefined
    const { openTokenizer } = await import('./tokenizerFolder')
    return openTokenizer(name, { builtIn })
  }
  switch (source.kind) {
    case 'hosted':
      return fetchShippedModel(source, onProgress)
    case 'hub': {
      const { fetchHubModel } = await import('./hub/hubModel')
      return fetchHubModel(source, { onProgress, token: source.token, builtIn })
    }
    case 'files': {
      const [{ readFolder }, { localFolder }] = await Promise.all([
        import('./readFolder'),
        import('./localFolder'),
      ])
      const tokenizerFrom = await tokenizer()
      return readFolder(localFolder(idOfFolder(source.name), source.files), { below: true, tokenizerFrom })
    }
    case 'url': {
      const { fetchAddressModel } = await import('./addressFolder')
      return fetchAddressModel(source, { onProgress, tokenizerFrom: await tokenizer() })
    }
  }
}

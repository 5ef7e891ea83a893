import { fail } from '../../core/failure'
import { BUILT_IN_VOCABULARY } from '../../core/modelSource'
import type { HubOptions } from './hub/hubRequest'
import type { ModelFolder } from './modelFolder'
import type { TokenizerFolder } from './readFolder'

/** Says how a tokenizer from elsewhere is found. */
export interface TokenizerOptions {
  /** Opens the folder of the built-in vocabulary; absent where there is none. */
  readonly builtIn?: () => Promise<ModelFolder>
  readonly hub?: HubOptions
}

/**
 * Opens the folder of a tokenizer that does not come with its model; undefined where none is named.
 *
 * @param name `built-in`, or a model of the hub
 * @throws FailureError as the hub does, or `invalid-request`
 */
export async function openTokenizer(
  name: string | undefined,
  { builtIn, hub }: TokenizerOptions,
): Promise<TokenizerFolder | undefined> {
  if (name === undefined) return undefined
  if (name !== BUILT_IN_VOCABULARY) {
    const [{ openHubFolder }, { parseHubName }] = await Promise.all([
      import('./hub/hubFolder'),
      import('./hub/hubName'),
    ])
    return { name, folder: await openHubFolder(parseHubName(name), hub) }
  }
  if (!builtIn) {
    return fail('invalid-request', 'The built-in vocabulary is not here.', {
      advice: 'Name a model of the hub whose tokenizer it is: google-bert/bert-base-uncased.',
    })
  }
  return { name, folder: await builtIn() }
}

import { fail } from '../../core/failure'
import type { DatasetsServer, HubSplit } from './datasetsServer'

/** Largest number of names in a sentence. */
const MAX_LISTED = 8

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).join(', ')
  return names.length > MAX_LISTED ? `${shown} and ${names.length - MAX_LISTED} more` : shown
}

const unique = (names: readonly string[]) => [...new Set(names)]

/** Parses the name of a data set as typed: `owner/name`, or `owner/name:configuration` if it has several. */
export function parseDatasetName(typed: string): { dataset: string; config: string | null } {
  const address = typed.trim().replace(/^https?:\/\/[^/]+\/datasets\//, '')
  const [dataset, config = ''] = address.split(':')
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(dataset)) {
    fail('invalid-request', `“${typed}” is no name of a data set.`, {
      advice: 'Write it as the hub does, owner/name, for example stanfordnlp/imdb.',
    })
  }
  return { dataset, config: config || null }
}

/**
 * Finds the table that is meant; if there is none, the error lists those that exist.
 *
 * @throws FailureError `invalid-request`
 */
export async function findSplit(
  server: DatasetsServer,
  dataset: string,
  config: string | null,
  split: string,
): Promise<HubSplit> {
  const splits = await server.splits(dataset)
  const configs = unique(splits.map((item) => item.config))
  const wanted = config ?? (configs.length > 1 && configs.includes('default') ? 'default' : null)
  if (wanted === null && configs.length > 1) {
    fail('invalid-request', `${dataset} has several configurations: ${listed(configs)}.`, {
      advice: `Write one of them after the name: ${dataset}:${configs[0]}.`,
    })
  }
  const ofConfig = wanted === null ? splits : splits.filter((item) => item.config === wanted)
  if (ofConfig.length === 0) {
    fail('invalid-request', `${dataset} has no configuration “${wanted}”; it has ${listed(configs)}.`)
  }
  const found = ofConfig.find((item) => item.split === split)
  if (found) return found
  const names = listed(unique(ofConfig.map((item) => item.split)))
  fail('invalid-request', `${dataset} has no split “${split}”; it has ${names}.`, {
    advice: 'Choose one of them.',
  })
}

import { failureOf } from '../../core/failure'
import { chooseColumn, chooseLabelColumn } from '../readers/chooseColumn'
import { type CorpusReader, createCorpusReader } from '../readers/corpusReader'
import type { RowSource } from '../readers/rowSource'
import type { HubOptions } from './datasetRequest'
import { createDatasetsServer } from './datasetsServer'
import { openHubParquet } from './hubParquet'
import { openHubRows } from './hubRows'
import { findSplit, parseDatasetName } from './hubSplit'

export const DEFAULT_DATASET = 'stanfordnlp/imdb'
export const DEFAULT_SPLIT = 'test'

export interface HubDatasetOptions extends HubOptions {
  /** Configuration; if null or absent, the one in the name (`owner/name:config`), `default`, or the only one. */
  readonly config?: string | null
  readonly split?: string
  /** Column; if null or absent, the likely one. */
  readonly column?: string | null
  /** Column with the labels; none by default. */
  readonly labelColumn?: string | null
}

/**
 * Opens a data set for its first rows, through the rows API: a page of rows is smaller than a row group of every
 * column.
 */
export async function openHubPreview(dataset: string, options: HubDatasetOptions): Promise<RowSource> {
  const { server, split } = await locate(dataset, options)
  const source = await openHubRows(server, split)
  const size = await server.size(split).catch(() => null)
  return { ...source, totalBytes: size?.bytes ?? null }
}

async function locate(typed: string, options: HubDatasetOptions) {
  const { dataset, config } = parseDatasetName(typed)
  const server = createDatasetsServer(options)
  const wanted = options.config ?? config
  return { server, split: await findSplit(server, dataset, wanted, options.split ?? DEFAULT_SPLIT) }
}

/**
 * Reads a data set of the Hub as a stream of texts: whole, through its Parquet files in ranges; through the rows API,
 * 100 rows per request, if there are no such files or they cannot be read here. Reads only public data sets: no
 * credentials are sent.
 *
 * @throws FailureError `invalid-request` (no such configuration, split or column), `missing-file` (no such data set, or
 * private or gated), `network`
 */
export async function readHubDataset(
  dataset: string = DEFAULT_DATASET,
  options: HubDatasetOptions = {},
): Promise<CorpusReader> {
  const { server, split } = await locate(dataset, options)
  const column = options.column ?? (await chooseColumn(await openHubRows(server, split), null))
  let source: RowSource
  try {
    source = await openHubParquet(server, split, column, options)
  } catch (thrown) {
    options.signal?.throwIfAborted()
    if (failureOf(thrown).kind === 'internal') throw thrown
    source = await openHubRows(server, split)
  }
  const labels = await chooseLabelColumn(source, options.labelColumn ?? null)
  return createCorpusReader(source, await chooseColumn(source, column), options.signal, labels)
}

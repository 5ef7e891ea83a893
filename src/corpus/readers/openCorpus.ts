import type { CorpusSource, SourcePreview } from '../../core/corpus/corpusService'
import { FailureError, fail } from '../../core/failure'
import { type HubDatasetOptions, openHubPreview, readHubDataset } from '../hub/hubDataset'
import { chooseColumn, chooseLabelColumn } from './chooseColumn'
import { type CorpusReader, createCorpusReader } from './corpusReader'
import { openFile } from './openFile'
import { previewRows } from './preview'
import type { RowSource } from './rowSource'

/** Shipped sample: short reviews written for this project. */
const BUNDLED = { name: 'short-reviews.jsonl', path: 'corpora/short-reviews.jsonl', column: 'text' }

export interface CorpusOptions {
  /** Address of the page, with a slash at the end: the bundled sample is fetched from below it. */
  readonly base: string
  readonly fetch?: typeof globalThis.fetch
  /** Column with the labels; none by default. */
  readonly labelColumn?: string | null
  /** Ends reading and waiting. */
  readonly signal?: AbortSignal
  /** Address of the Hub, and how long to wait for it; the public one by default. */
  readonly hub?: Pick<HubDatasetOptions, 'base' | 'wait'>
}

async function fetchBundled({ base, fetch = globalThis.fetch, signal }: CorpusOptions): Promise<RowSource> {
  const url = new URL(BUNDLED.path, base).href
  let blob: Blob
  try {
    const response = await fetch(url, { signal })
    if (!response.ok) fail('missing-file', `The bundled sample could not be fetched (${response.status}).`)
    blob = await response.blob()
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof FailureError) throw cause
    throw new FailureError(
      {
        kind: 'network',
        message: 'The bundled sample could not be fetched: the network did not answer.',
        advice: 'Check the connection and try again.',
      },
      { cause },
    )
  }
  return openFile(blob, BUNDLED.name)
}

const hubOptions = ({ fetch, signal, hub, labelColumn }: CorpusOptions) => ({
  ...hub,
  fetch,
  signal,
  labelColumn,
})

/**
 * Opens a source for reading all of it. Reads little before that: the beginning of a file, the directory of Parquet.
 *
 * @throws FailureError `damaged-file` (empty, binary, cut short, no rows to be found), `invalid-request` (no such column,
 * split or configuration), `missing-file`, `network`
 */
export async function openCorpus(source: CorpusSource, options: CorpusOptions): Promise<CorpusReader> {
  if (source.kind === 'hub') return readHubDataset(source.dataset, { ...source, ...hubOptions(options) })
  const rows =
    source.kind === 'file'
      ? await openFile(source.file, source.file.name, source.reading)
      : await fetchBundled(options)
  const column = await chooseColumn(rows, source.kind === 'file' ? source.column : BUNDLED.column)
  const labels = await chooseLabelColumn(rows, options.labelColumn ?? null)
  return createCorpusReader(rows, column, options.signal, labels)
}

/**
 * Returns the first rows of a source, its columns, and the likely one.
 *
 * @throws FailureError as `openCorpus`
 */
export async function previewSource(source: CorpusSource, options: CorpusOptions): Promise<SourcePreview> {
  switch (source.kind) {
    case 'hub':
      return previewRows(await openHubPreview(source.dataset, { ...source, ...hubOptions(options) }))
    case 'file':
      return previewRows(await openFile(source.file, source.file.name, source.reading))
    case 'bundled':
      return previewRows(await fetchBundled(options))
  }
}

import * as v from 'valibot'
import { fail } from '../../core/failure'
import { DATASETS_SERVER, type HubOptions, requestDataset } from './datasetRequest'

/** Largest number of rows per request. */
export const MAX_ROWS = 100

/** Names one table of a data set. */
export interface HubSplit {
  readonly dataset: string
  readonly config: string
  readonly split: string
}

const splitFields = { config: v.string(), split: v.string() }

const SplitsSchema = v.object({ splits: v.array(v.object(splitFields)) })

const RowsSchema = v.object({
  features: v.array(v.object({ name: v.string() })),
  rows: v.array(v.object({ row_idx: v.number(), row: v.record(v.string(), v.unknown()) })),
  num_rows_total: v.number(),
  partial: v.optional(v.boolean(), false),
})

const ParquetSchema = v.object({
  parquet_files: v.array(v.object({ ...splitFields, url: v.string(), size: v.number() })),
  partial: v.optional(v.boolean(), false),
})

const SizeSchema = v.object({
  size: v.object({
    splits: v.array(v.object({ ...splitFields, num_rows: v.number(), num_bytes_parquet_files: v.number() })),
  }),
})

export type HubRows = v.InferOutput<typeof RowsSchema> & { readonly bytes: number }
export type HubParquet = v.InferOutput<typeof ParquetSchema>

/**
 * Asks the endpoints of the datasets server that are used here, as its documentation describes them (docs/source and
 * openapi.json of huggingface/dataset-viewer).
 */
export interface DatasetsServer {
  /** Returns every configuration and split (`/splits`). */
  splits(dataset: string): Promise<HubSplit[]>
  /** Returns up to MAX_ROWS rows from `offset` (`/rows`); `bytes` is the length of the answer. */
  rows(split: HubSplit, offset: number): Promise<HubRows>
  /** Returns the files of one split, in their order (`/parquet`). */
  parquet(split: HubSplit): Promise<HubParquet>
  /** Returns rows and bytes of one split (`/size`); null if they are not known. */
  size(split: HubSplit): Promise<{ readonly rows: number; readonly bytes: number } | null>
}

export function createDatasetsServer(options: HubOptions): DatasetsServer {
  const base = options.base ?? DATASETS_SERVER

  async function ask<T extends v.GenericSchema>(
    path: string,
    query: Readonly<Record<string, string>> & { readonly dataset: string },
    schema: T,
  ): Promise<{ answer: v.InferOutput<T>; bytes: number }> {
    const url = `${base}${path}?${new URLSearchParams(query)}`
    const body = await requestDataset(url, query.dataset, options, (response) => response.text())
    let json: unknown
    try {
      json = JSON.parse(body)
    } catch {
      json = null
    }
    const parsed = v.safeParse(schema, json)
    if (parsed.success) return { answer: parsed.output, bytes: body.length }
    return fail('network', `The hub's answer about ${query.dataset} cannot be understood.`, {
      advice: 'Try again later, or download the file and choose it here.',
    })
  }

  return {
    async splits(dataset) {
      const { answer } = await ask('/splits', { dataset }, SplitsSchema)
      return answer.splits.map(({ config, split }) => ({ dataset, config, split }))
    },
    async rows({ dataset, config, split }, offset) {
      const query = { dataset, config, split, offset: String(offset), length: String(MAX_ROWS) }
      const { answer, bytes } = await ask('/rows', query, RowsSchema)
      return { ...answer, bytes }
    },
    async parquet({ dataset, config, split }) {
      const { answer } = await ask('/parquet', { dataset }, ParquetSchema)
      const files = answer.parquet_files.filter((file) => file.config === config && file.split === split)
      // A split that was converted in part says so in its address only.
      const partial = files.some(({ url }) => url.includes(`/partial-${split}/`))
      return { parquet_files: files, partial }
    },
    async size({ dataset, config, split }) {
      const { answer } = await ask('/size', { dataset }, SizeSchema)
      const found = answer.size.splits.find((size) => size.config === config && size.split === split)
      return found ? { rows: found.num_rows, bytes: found.num_bytes_parquet_files } : null
    },
  }
}

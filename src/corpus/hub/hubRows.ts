import type { RowSource } from '../readers/rowSource'
import type { DatasetsServer, HubRows, HubSplit } from './datasetsServer'

export const hubName = ({ dataset, split }: HubSplit) => `${dataset} (${split})`

export const PARTIAL = 'The hub offers only the first part of this split, about 5 GB.'

/** Opens a split through the rows API: 100 rows per request, one request at a time. */
export async function openHubRows(server: DatasetsServer, split: HubSplit): Promise<RowSource> {
  const first = await server.rows(split, 0)
  return {
    name: hubName(split),
    format: 'hub',
    totalRows: first.num_rows_total,
    totalBytes: null,
    columns: first.features.map(({ name }) => name),
    notes: first.partial ? [PARTIAL] : [],
    encoding: () => null,
    async *rows({ atMost = Number.POSITIVE_INFINITY }) {
      let bytesRead = 0
      let offset = 0
      let page: HubRows = first
      while (page.rows.length > 0) {
        bytesRead += page.bytes
        yield { rows: page.rows.map(({ row_idx, row }) => ({ line: row_idx + 1, cells: row })), bytesRead }
        offset += page.rows.length
        if (offset >= Math.min(atMost, page.num_rows_total)) return
        page = await server.rows(split, offset)
      }
    },
  }
}

import type { AsyncBuffer } from 'hyparquet'
import { fail } from '../../core/failure'
import { checkParquetColumns, type OpenedParquet, openParquetFile, parquetRows } from '../readers/parquetRows'
import type { RowSource } from '../readers/rowSource'
import { type HubOptions, requestDataset } from './datasetRequest'
import type { DatasetsServer, HubSplit } from './datasetsServer'
import { hubName, PARTIAL } from './hubRows'

/** Opens a file on the Hub, which is read in ranges. */
function bufferOfUrl(url: string, byteLength: number, dataset: string, options: HubOptions): AsyncBuffer {
  return {
    byteLength,
    slice(start, end = byteLength) {
      const range = { Range: `bytes=${start}-${end - 1}` }
      return requestDataset(url, dataset, options, (response) => partOf(response, dataset), range)
    },
  }
}

async function partOf(response: Response, dataset: string): Promise<ArrayBuffer> {
  if (response.status === 206) return response.arrayBuffer()
  // A server that knows no ranges sends all of it: hundreds of megabytes for a footer.
  await response.body?.cancel()
  fail('network', `The server of ${dataset} does not send parts of files.`, {
    advice: 'Download the file and choose it here.',
  })
}

/**
 * Opens a split through the Parquet files to which the Hub converts it: only the needed column is downloaded. Rows are
 * numbered through all of its files.
 *
 * @throws FailureError `missing-file` where there are none, `damaged-file` where they cannot be read here
 */
export async function openHubParquet(
  server: DatasetsServer,
  split: HubSplit,
  column: string | null,
  options: HubOptions,
): Promise<RowSource> {
  const { dataset } = split
  const { parquet_files: files, partial } = await server.parquet(split)
  if (files.length === 0) fail('missing-file', `The hub has no Parquet files for ${hubName(split)}.`)
  const open = ({ url, size }: (typeof files)[number], index: number) =>
    openParquetFile({
      name: files.length === 1 ? dataset : `${dataset}, file ${index + 1}`,
      buffer: bufferOfUrl(url, size, dataset, options),
    })
  const first = await open(files[0], 0)
  checkParquetColumns(first, column === null ? first.columns : [column])
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const total = files.length === 1 ? first : await server.size(split).catch(() => null)

  return {
    name: hubName(split),
    format: 'hub',
    totalRows: total === null ? null : 'rows' in total ? total.rows : total.totalRows,
    totalBytes,
    columns: first.columns,
    notes: partial ? [PARTIAL] : [],
    encoding: () => null,
    async *rows({ columns, atMost = Number.POSITIVE_INFINITY }) {
      let before = 0
      let bytesBefore = 0
      for (const [index, file] of files.entries()) {
        if (before >= atMost) return
        const opened: OpenedParquet = index === 0 ? first : await open(file, index)
        let done = 0
        for await (const rows of parquetRows(opened, columns ?? first.columns, atMost - before)) {
          done += rows.length
          const bytesRead = bytesBefore + Math.round((file.size * done) / opened.totalRows)
          yield { rows: rows.map((row) => ({ ...row, line: row.line + before })), bytesRead }
        }
        before += done
        bytesBefore += file.size
      }
    },
  }
}

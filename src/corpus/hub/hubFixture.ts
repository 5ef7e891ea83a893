import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StandInTable {
  readonly config: string
  readonly split: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Parquet files of the split; absent: not converted. */
  readonly files?: readonly ArrayBuffer[]
  /** True if only a part is converted. */
  readonly partial?: boolean
}

export interface StandInDataset {
  readonly tables: readonly StandInTable[]
  /** True if requests without credentials get a 401, as on the Hub. */
  readonly gated?: boolean
}

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

/** Returns an answer in place of the ordinary one; null lets a request through. */
export type Interference = (path: string, request: number) => Answer | null

const MISSING =
  'The dataset does not exist, or is not accessible without authentication (private or gated). Please check the ' +
  'spelling of the dataset name or retry with authentication.'

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  response.writeHead(status, { 'access-control-allow-origin': '*', ...headers })
  response.end(body)
}

const json = (body: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const error = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-error-code': code },
  body: JSON.stringify({ error: message }),
})

/** Sends a file as the Hub's storage does: whole, or the one range that was asked for. */
function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: ArrayBuffer,
  ranges: boolean,
): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  if (!range || !ranges) {
    response.writeHead(200, { 'content-length': file.byteLength })
    response.end(new Uint8Array(file))
    return
  }
  const [start, last] = [Number(range[1]), Math.min(Number(range[2]), file.byteLength - 1)]
  response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${file.byteLength}` })
  response.end(new Uint8Array(file, start, last + 1 - start))
}

export interface StandInHub {
  readonly base: string
  /** Paths with queries, in the order they were asked for. */
  readonly requests: string[]
  close(): Promise<void>
}

/**
 * Starts a server with the paths, answers and errors of the Hub's datasets server (docs/source and openapi.json of
 * huggingface/dataset-viewer) and of its files, which redirect to a storage that supports ranges.
 */
export async function startStandInHub(
  datasets: Readonly<Record<string, StandInDataset>>,
  { interfere = () => null, ranges = true }: { interfere?: Interference; ranges?: boolean } = {},
): Promise<StandInHub> {
  const requests: string[] = []
  let base = ''

  const splitFields = (dataset: string, { config, split }: StandInTable) => ({ dataset, config, split })

  function answer(path: string, query: URLSearchParams): Answer {
    const name = query.get('dataset')
    if (!name) return error(422, 'MissingRequiredParameter', "Parameter 'dataset' is required")
    const dataset = datasets[name]
    if (!dataset || dataset.gated) return error(401, 'ExternalUnauthenticatedError', MISSING)
    const { tables } = dataset
    if (path === '/splits') {
      return json({ splits: tables.map((table) => splitFields(name, table)), pending: [], failed: [] })
    }
    if (path === '/parquet') {
      const files = tables.flatMap((table) =>
        (table.files ?? []).map((file, index) => {
          const folder = table.partial ? `partial-${table.split}` : table.split
          const filename = `${String(index).padStart(4, '0')}.parquet`
          const url = `${base}/datasets/${name}/resolve/refs%2Fconvert%2Fparquet/${table.config}/${folder}/${filename}`
          return { ...splitFields(name, table), url, filename, size: file.byteLength }
        }),
      )
      return json({
        parquet_files: files,
        pending: [],
        failed: [],
        partial: tables.some(({ partial }) => partial),
      })
    }
    if (path === '/size') {
      const splits = tables.map((table) => ({
        ...splitFields(name, table),
        num_bytes_parquet_files: (table.files ?? []).reduce((sum, file) => sum + file.byteLength, 0),
        num_rows: table.rows.length,
      }))
      return json({
        size: { dataset: { dataset: name }, configs: [], splits },
        pending: [],
        failed: [],
        partial: false,
      })
    }
    if (path !== '/rows') return error(404, 'ResponseNotFound', 'Not found.')
    const table = tables.find(
      ({ config, split }) => config === query.get('config') && split === query.get('split'),
    )
    if (!table) return error(404, 'ResponseNotFound', 'Not found.')
    const offset = Number(query.get('offset'))
    const length = Number(query.get('length'))
    if (length > 100) return error(422, 'InvalidParameter', "Parameter 'length' must not be greater than 100")
    return json({
      features: Object.keys(table.rows[0] ?? {}).map((column, index) => ({
        feature_idx: index,
        name: column,
        type: { dtype: 'string', _type: 'Value' },
      })),
      rows: table.rows
        .slice(offset, offset + length)
        .map((row, index) => ({ row_idx: offset + index, row, truncated_cells: [] })),
      num_rows_total: table.rows.length,
      num_rows_per_page: 100,
      partial: table.partial ?? false,
    })
  }

  /** Returns the file at `/datasets/NAME/resolve/REVISION/CONFIG/SPLIT/0000.parquet`, or the same below `/storage`. */
  function fileAt(path: string): ArrayBuffer | undefined {
    const match = /\/datasets\/(.+)\/resolve\/[^/]+\/([^/]+)\/(?:partial-)?([^/]+)\/(\d+)\.parquet$/.exec(
      path,
    )
    if (!match) return undefined
    const [, name, config, split, index] = match
    const table = datasets[name]?.tables.find((item) => item.config === config && item.split === split)
    return table?.files?.[Number(index)]
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', base)
    requests.push(`${url.pathname}${url.search}`)
    const interference = interfere(url.pathname, requests.length)
    if (interference) return send(response, interference)
    const file = fileAt(url.pathname)
    if (!file) return send(response, answer(url.pathname, url.searchParams))
    if (url.pathname.startsWith('/storage/')) return sendFile(request, response, file, ranges)
    send(response, { status: 302, headers: { location: `${base}/storage${url.pathname}` } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

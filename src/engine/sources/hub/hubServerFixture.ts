import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type Answer,
  answerOfHub,
  answerOfStorage,
  type Headers,
  type Question,
  type ServedModel,
  store,
  storedFileAt,
} from './hubAnswersFixture'

export { LARGE_BYTES, type ServedModel } from './hubAnswersFixture'

export interface ServedRequest {
  readonly host: 'hub' | 'storage'
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly range: string | null
  /** The header with the token. */
  readonly authorization: string | null
}

/** Describes a fault of an answer: another status, a body that breaks off, unknown ranges, wrong bytes. */
export interface Mishap {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Bytes after which the connection breaks. */
  readonly cutAfter?: number
  /** Bytes after which nothing more arrives. */
  readonly stallAfter?: number
  readonly ignoreRange?: boolean
  readonly corrupt?: boolean
  /** true if it never answers. */
  readonly silent?: boolean
}

/** Returns the fault of a request's answer, null for none. `count` counts the requests of its path, from 1. */
export type Mishaps = (request: ServedRequest, count: number) => Mishap | null

/** Describes both hosts under their real names, which the browser resolves to this machine's ports. */
export interface NamedHosts {
  /** PEM. */
  readonly key: string
  readonly certificate: string
  /** Address that large files are redirected to, without a slash at the end. */
  readonly storage: string
}

export interface HubServer {
  /** Address of the hub, without a slash at the end. */
  readonly base: string
  /** Address of the host that large files are redirected to. */
  readonly storage: string
  readonly requests: ServedRequest[]
  /** Returns how many bytes of large files were sent. */
  sentByStorage(): number
  commitOf(id: string): string
  close(): Promise<void>
}

function sendText(response: ServerResponse, status: number, headers: Headers, body = ''): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

/** Sends a file, or the range of it that was asked for. */
async function sendFile(
  response: ServerResponse,
  range: string | undefined,
  blob: Blob,
  headers: Headers,
  { cutAfter, stallAfter, ignoreRange, corrupt }: Mishap,
  onSent: (bytes: number) => void,
): Promise<void> {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(ignoreRange ? '' : (range ?? ''))
  const start = asked ? Number(asked[1]) : 0
  const end = asked?.[2] ? Math.min(Number(asked[2]) + 1, blob.size) : blob.size
  if (asked && start >= blob.size) {
    sendText(response, 416, { ...headers, 'content-range': `bytes */${blob.size}` })
    return
  }
  response.writeHead(asked ? 206 : 200, {
    ...headers,
    'accept-ranges': 'bytes',
    'content-length': end - start,
    ...(asked && { 'content-range': `bytes ${start}-${end - 1}/${blob.size}` }),
  })
  const reader = blob.slice(start, end).stream().getReader()
  const limit = cutAfter ?? stallAfter ?? Number.POSITIVE_INFINITY
  let sent = 0
  while (!response.destroyed) {
    const { done, value } = await reader.read()
    if (done) break
    const bytes = Uint8Array.from(value.subarray(0, limit - sent))
    if (corrupt && sent === 0) bytes[0] ^= 1
    sent += bytes.length
    onSent(bytes.length)
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('close', done)
        resolve()
      }
      response.once('close', done)
      response.write(bytes, done)
    })
    if (sent < limit) continue
    // The bytes already written are still sent.
    if (cutAfter !== undefined) response.socket?.end()
    return
  }
  response.end()
}

/** @returns address on this machine */
const listen = (server: Server, scheme: string) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/**
 * Starts a stand-in for huggingface.co, for tests in Node and for pages: its paths, redirects, ranges, headers and
 * errors as they were seen on the real one in 2026. Small files are redirected (307) to a path of the same host, large
 * ones (302) to a storage on another, with an address that is signed. The storage answers no preflight, as the hub's
 * own did for a time; so a page may send no header but a plain `Range`.
 *
 * @param named where a page asks for the real names, over https
 */
export async function startHubServer(
  models: Readonly<Record<string, ServedModel>>,
  mishaps: Mishaps = () => null,
  named?: NamedHosts,
): Promise<HubServer> {
  const stored = await Promise.all(Object.entries(models).map(([id, model]) => store(id, model)))
  const requests: ServedRequest[] = []
  let storageBase = ''
  let sentByStorage = 0
  const create = (listener: RequestListener): Server =>
    named ? createSecureServer({ key: named.key, cert: named.certificate }, listener) : createServer(listener)
  const scheme = named ? 'https' : 'http'

  /** Records a request, then does to it what a test wants, or answers it. */
  function serve(
    host: ServedRequest['host'],
    request: IncomingMessage,
    response: ServerResponse,
    answerTo: (question: Question) => Answer,
  ): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { method = '' } = request
    const path = (host === 'storage' && storedFileAt(stored, url)?.path) || url.pathname
    const { range = null, authorization = null } = request.headers
    const served = { host, method, path, range, authorization }
    requests.push(served)
    const count = requests.filter((item) => item.path === path && item.host === host).length
    const mishap = mishaps(served, count) ?? {}
    if (mishap.silent) return
    const answer = answerTo({ method, url, origin: request.headers.origin, authorization })
    if (mishap.status !== undefined) {
      sendText(response, mishap.status, { ...answer.headers, ...mishap.headers }, mishap.body)
    } else if ('file' in answer) {
      void sendFile(response, request.headers.range, answer.file.blob, answer.headers, mishap, (bytes) => {
        if (host === 'storage') sentByStorage += bytes
      })
    } else {
      sendText(response, answer.status, answer.headers, answer.body)
    }
  }

  const hub = create((request, response) =>
    serve('hub', request, response, (question) => answerOfHub(stored, question, storageBase)),
  )
  const storage = create((request, response) =>
    serve('storage', request, response, (question) => answerOfStorage(stored, question)),
  )
  const storageAt = await listen(storage, scheme)
  storageBase = named?.storage ?? storageAt
  return {
    base: await listen(hub, scheme),
    storage: storageAt,
    requests,
    sentByStorage: () => sentByStorage,
    commitOf: (id) => stored.find((model) => model.id === id)?.commit ?? '',
    close: async () => {
      await Promise.all([close(hub), close(storage)])
    },
  }
}

import { createServer } from 'node:http'
import sirv from 'sirv'
import { RUNTIME_FOLDER, RUNTIME_PATH } from './runtimeFiles.mjs'
import { SECURITY_POLICY } from './securityPolicy.mjs'

/** Headers that make a page cross-origin isolated (threads in WASM), and no more open than that. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const HEADERS = {
  ...ISOLATION_HEADERS,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** Names into which Vite puts a hash of the contents, so that the files never change. */
const HASHED = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string} pathname
 */
function setFileHeaders(response, pathname) {
  response.setHeader(
    'Cache-Control',
    HASHED.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache',
  )
  if (pathname.endsWith('.safetensors')) response.setHeader('Content-Type', 'application/octet-stream')
}

/**
 * Serves files, looked up at each request, so a new build needs no new server; `.br` and `.gz` neighbours are used.
 *
 * @param {string} folder
 */
function files(folder) {
  return sirv(folder, { dev: true, etag: true, brotli: true, gzip: true, setHeaders: setFileHeaders })
}

/**
 * Serves a folder over HTTP, cross-origin isolated.
 *
 * @param {object} options
 * @param {string} options.root folder of the built page
 * @param {string} [options.overlay] folder whose files win over the root's
 * @param {number} [options.port] 0 or absent: any free one
 * @param {string} [options.host]
 * @param {string | null} [options.policy] Content-Security-Policy; null: none
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} address with a trailing slash; rejects with the
 *   system's error (EADDRINUSE, EACCES) where the port cannot be had
 */
export async function serve({ root, overlay, port = 0, host = '127.0.0.1', policy = SECURITY_POLICY }) {
  const fromRoot = files(root)
  const fromOverlay = overlay === undefined ? undefined : files(overlay)
  // A page that was packed comes without the runtime, which its package has already.
  const fromRuntime = files(RUNTIME_FOLDER)
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    if (policy !== null) response.setHeader('Content-Security-Policy', policy)
    // A range counts bytes of the file itself, not of a compressed copy.
    if (request.headers.range) request.headers['accept-encoding'] = 'identity'
    const notFound = () => {
      response.setHeader('Cache-Control', 'no-store')
      response.writeHead(404, { 'Content-Type': 'text/plain;charset=utf-8' }).end('Not found\n')
    }
    const runtime = () => {
      const [, file] = RUNTIME_PATH.exec(request.url ?? '') ?? []
      if (file === undefined) return notFound()
      request.url = `/${file}`
      fromRuntime(request, response, notFound)
    }
    const root = () => fromRoot(request, response, runtime)
    if (fromOverlay) fromOverlay(request, response, root)
    else root()
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(undefined))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${name}:${address.port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

import { createServer } from 'node:http'
import sirv from 'sirv'

/** Serves files as a free static host does: under a path, and without headers of one's own. */
export interface PlainHost {
  /** Address of the page's folder, with a trailing slash. */
  readonly url: string
  readonly origin: string
  /** Returns how often a path, relative to the page's folder, was asked for. */
  requests(path: string): number
  /** Ends the server and every connection; may be called again. */
  stop(): Promise<void>
}

/**
 * @param folders of files; the first that has a file wins
 * @param path where the page lies, with slashes around it
 */
export async function openPlainHost(folders: readonly string[], path: string): Promise<PlainHost> {
  const files = folders.map((folder) => sirv(folder, { dev: true, etag: true }))
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const notFound = () => response.writeHead(404).end()
    if (!pathname.startsWith(path)) return notFound()
    const asked = pathname.slice(path.length)
    counts.set(asked, (counts.get(asked) ?? 0) + 1)
    request.url = `/${asked}`
    const next = ([first, ...others]: typeof files): void =>
      first ? first(request, response, () => next(others)) : void notFound()
    next(files)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the host has no port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    url: `${origin}${path}`,
    origin,
    requests: (asked) => counts.get(asked) ?? 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import type { BrowserContext, Page } from '@playwright/test'

/** Records what a browser context did that a page of ours must not do. */
export interface Watch {
  /** Addresses asked for outside of the allowed origins, in order. */
  readonly foreignRequests: readonly string[]
  /** Errors and warnings of the console, and uncaught exceptions, in order. */
  readonly problems: readonly string[]
}

const LOCAL_SCHEMES = ['data:', 'blob:', 'about:']

function leavesOrigin(address: string, origins: ReadonlySet<string>): boolean {
  const { protocol, host } = new URL(address)
  if (LOCAL_SCHEMES.includes(protocol)) return false
  // A web socket's origin is that of the page at the same host and port.
  return !origins.has(`${protocol.replace(/^ws/, 'http')}//${host}`)
}

/**
 * Watches everything in a context from now on: pages, workers, workers of workers, service workers. Shared workers and a
 * worker's web sockets are not seen; the tests' browser resolves no host but this machine for their sake
 * (playwright.config.ts).
 *
 * @param origins may grow while the watch is on
 */
export function watchContext(context: BrowserContext, origins: ReadonlySet<string>): Watch {
  const foreignRequests: string[] = []
  const problems: string[] = []
  const look = (address: string) => {
    if (leavesOrigin(address, origins)) foreignRequests.push(address)
  }
  context.on('request', (request) => look(request.url()))
  const lookAtSockets = (page: Page) => page.on('websocket', (socket) => look(socket.url()))
  context.pages().forEach(lookAtSockets)
  context.on('page', lookAtSockets)
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    problems.push(`${message.type()}: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`))
  return { foreignRequests, problems }
}

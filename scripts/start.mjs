import { parseArgs } from 'node:util'
import { buildIfStale, DIST } from './build.mjs'
import { serve } from './serve.mjs'

const PORTS_TRIED = 50

/**
 * Serves dist/ at the port asked for, or at the next free one.
 *
 * @param {number} port
 * @param {string} host
 */
async function serveAtNextFree(port, host) {
  for (let next = port; next < port + PORTS_TRIED; next++) {
    try {
      return await serve({ root: DIST, port: next, host })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    }
  }
  throw new Error(`no free port from ${port} to ${port + PORTS_TRIED - 1}`)
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
  },
})
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port must be a number from 0 to 65535, not ${values.port}`)
  process.exit(2)
}
await buildIfStale()
const { url } = await serveAtNextFree(port, values.host)
console.log(`Ripplescope is served at (Ctrl+C stops it):\n${url}`)

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { build } from 'vite'
import { SECURITY_POLICY } from './securityPolicy.mjs'
import { ISOLATION_HEADERS } from './serve.mjs'

/** The worker's file; at the root of what was built, so that its scope is the page's folder. */
export const SERVICE_WORKER = 'serviceWorker.js'

/**
 * Files that the service worker does not save; the page itself saves weights once their sha256 was checked
 * (engine/sources/shippedModel).
 */
const NOT_KEPT = /\.(br|gz|safetensors|md|map)$|(^|\/)LICENSE$|^THIRD-PARTY-NOTICES|^serviceWorker\.js$/

/** The runtime in three builds, of which a browser uses one or two. */
const RUNTIME = /^runtime\/|^assets\/ort\./

/** Runs that come with the page: the first is opened unasked, the others are fetched when they are chosen. */
const RUN = /^corpora\/(.+)\.zip$/

const [{ id: FIRST_RUN }] = JSON.parse(
  readFileSync(new URL('../src/core/corpus/shippedRuns.json', import.meta.url), 'utf8'),
)

/**
 * Says whether a file is saved only once it was used.
 *
 * @param {string} url
 */
function isSavedOnUse(url) {
  const run = RUN.exec(url)
  return RUNTIME.test(url) || (run !== null && run[1] !== FIRST_RUN)
}

/** Names into which Vite puts a hash of the contents. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/

/** @typedef {{ url: string, revision: string | null, integrity: string }} KeptFile */

/**
 * Lists the files of a built page that the service worker saves, with the sha256 that each must have.
 *
 * @param {string} folder
 * @returns {Promise<{ always: KeptFile[], onUse: KeptFile[] }>} addresses relative to the page's folder
 */
export async function listKeptFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const urls = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((url) => !NOT_KEPT.test(url))
    .sort()
  const files = await Promise.all(
    urls.map(async (url) => {
      const sha256 = createHash('sha256').update(await readFile(join(folder, url)))
      const digest = sha256.digest('base64')
      // The name of a hashed file is its revision; the others are fetched past the browser's own cache.
      return { url, revision: HASHED.test(url) ? null : digest, integrity: `sha256-${digest}` }
    }),
  )
  return {
    always: files.filter(({ url }) => !isSavedOnUse(url)),
    onUse: files.filter(({ url }) => isSavedOnUse(url)),
  }
}

/**
 * Builds the service worker last, since it carries the list of all that was built. It is one classic script: module
 * service workers are younger than what the page needs otherwise.
 *
 * @param {import('vite').Plugin[]} [plugins] of that build
 * @returns {import('vite').Plugin}
 */
export function serviceWorker(plugins = []) {
  let root = ''
  let folder = ''
  let complete = false
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root
      folder = join(root, config.build.outDir)
    },
    writeBundle() {
      complete = true
    },
    closeBundle: {
      order: 'pre',
      sequential: true,
      async handler() {
        if (!complete) return
        const { 'Cross-Origin-Opener-Policy': opener, 'Cross-Origin-Embedder-Policy': embedder } =
          ISOLATION_HEADERS
        const setup = {
          ...(await listKeptFiles(folder)),
          headers: {
            'Cross-Origin-Opener-Policy': opener,
            'Cross-Origin-Embedder-Policy': embedder,
            'Content-Security-Policy': SECURITY_POLICY,
          },
        }
        await build({
          root,
          configFile: false,
          publicDir: false,
          plugins,
          logLevel: 'warn',
          define: { __SERVICE_WORKER__: JSON.stringify(setup) },
          build: {
            target: 'es2022',
            outDir: folder,
            emptyOutDir: false,
            modulePreload: false,
            rolldownOptions: {
              input: join(root, 'src/serviceWorker/serviceWorker.ts'),
              output: { format: 'iife', entryFileNames: SERVICE_WORKER },
            },
          },
        })
      },
    },
  }
}

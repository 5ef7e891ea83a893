import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, defaultClientConditions, runnerImport } from 'vite'
import { buildIfStale, DIST, ROOT } from '../scripts/build.mjs'
import { serve } from '../scripts/serve.mjs'

// Vite's module runner would set it to development, and the page would be built with React's own checks in it.
process.env.NODE_ENV = 'production'

export const MODEL_FOLDER = join(ROOT, 'public/models/bert-imdb-l12-h384')

/** Number of threads, as many as the page takes (worker/pageExplorer). */
export const THREADS = Math.min(availableParallelism(), 8)

/** Loads a module of ours in TypeScript, in Node. @param {string} path from the root */
export async function load(path) {
  const { module } = await runnerImport(join(ROOT, path), {
    root: ROOT,
    configFile: false,
    logLevel: 'error',
  })
  return module
}

/**
 * Opens the built-in model in Node.
 *
 * @param {import('../src/engine/forward/nodeRuntime').NodeRuntimeOptions} [options]
 * @returns {Promise<import('../src/engine/openedModel').OpenedModel>}
 */
export async function openNativeModel(options) {
  const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
  const { openModel } = await load('src/engine/openedModel.ts')
  const { readModelFiles } = await load('src/engine/sources/nodeFolder.ts')
  return openModel(createNodeRuntime(THREADS, options), await readModelFiles(MODEL_FOLDER))
}

/**
 * @typedef {object} Site
 * @property {string} url address of the built page
 * @property {string} blank address of a page with nothing but the probe, on the same origin
 * @property {string | null} exportUrl
 * @property {() => Promise<void>} close
 */

/**
 * Serves a snapshot of the production build together with the bench's own worker.
 *
 * @param {string | undefined} exportFile
 * @returns {Promise<Site>}
 */
export async function openSite(exportFile) {
  await buildIfStale()
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-bench-'))
  const root = join(folder, 'dist')
  const overlay = join(folder, 'overlay')
  await cp(DIST, root, { recursive: true })
  await build({
    root: ROOT,
    configFile: false,
    base: './',
    publicDir: false,
    logLevel: 'error',
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      target: 'es2022',
      outDir: join(overlay, 'bench'),
      rolldownOptions: {
        input: join(ROOT, 'bench/probe/probe.ts'),
        output: { entryFileNames: 'probe.js' },
      },
    },
  })
  await writeFile(
    join(overlay, 'bench/blank.html'),
    '<!doctype html><script type="module" src="probe.js"></script>',
  )
  if (exportFile) await symlink(resolve(exportFile), join(overlay, 'bench/export.onnx'))
  const { url, close } = await serve({ root, overlay })
  return {
    url,
    blank: `${url}bench/blank.html`,
    exportUrl: exportFile ? `${url}bench/export.onnx` : null,
    close: async () => {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

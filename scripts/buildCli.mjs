/**
 * node scripts/buildCli.mjs
 *
 * Builds what is used outside the page: the command (dist-cli/, which bin/ripplescope.mjs loads) and the library (dist-lib/:
 * one module for Node, one for bundlers, and their types).
 */

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { latestChange, ROOT } from './build.mjs'
import { runTool } from './stages.mjs'
import { thirdPartyNotices } from './thirdPartyNotices.mjs'

const DIST_CLI = join(ROOT, 'dist-cli')
const DIST_LIB = join(ROOT, 'dist-lib')
/** Read at run time: the command and the library share one copy. */
const TOKENIZERS = join(ROOT, 'src/engine/tokenizer/tokenizers.wasm')
const SHIPPED_TOKENIZERS = join(DIST_LIB, 'tokenizers.wasm')
const INPUTS = ['src', 'package-lock.json', 'scripts/buildCli.mjs']

/** @typedef {'info' | 'warn'} LogLevel */

/**
 * Builds one module for Node. onnxruntime-node alone stays a package, for its binaries; all else goes into the module,
 * which starts several times faster than thousands of small files.
 *
 * @param {Record<string, string>} input
 * @param {string} outDir
 * @param {LogLevel} logLevel
 */
async function buildForNode(input, outDir, logLevel) {
  const notices = thirdPartyNotices()
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    plugins: [notices.collect(), notices.write()],
    logLevel,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { input },
    },
    ssr: { noExternal: true, external: ['onnxruntime-node'] },
  })
  await mkdir(DIST_LIB, { recursive: true })
  await copyFile(TOKENIZERS, SHIPPED_TOKENIZERS)
  for (const name of await readdir(outDir, { recursive: true })) {
    if (!name.endsWith('.js')) continue
    const path = join(outDir, name)
    const from = relative(dirname(path), SHIPPED_TOKENIZERS).split(sep).join('/')
    const source = await readFile(path, 'utf8')
    if (source.includes('./tokenizers.wasm')) {
      await writeFile(path, source.replaceAll('./tokenizers.wasm', from.startsWith('.') ? from : `./${from}`))
    }
  }
}

/** @param {{ logLevel?: LogLevel }} [options] */
export async function buildCli({ logLevel = 'info' } = {}) {
  const input = {
    ripplescope: join(ROOT, 'src/cli/program.ts'),
    batchThread: join(ROOT, 'src/cli/run/batchThread.ts'),
  }
  await buildForNode(input, DIST_CLI, logLevel)
}

/** Builds dist-cli/ unless it is newer than all that it is built from. */
export async function buildCliIfStale() {
  const built = latestChange(join(DIST_CLI, 'ripplescope.js'))
  if (built > 0 && INPUTS.every((input) => latestChange(join(ROOT, input)) <= built)) return
  await buildCli({ logLevel: 'warn' })
}

/** Adds extensions to the imports in types: Node resolves none without. @param {string} folder */
async function addExtensions(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folder, name)
    const types = await readFile(path, 'utf8')
    await writeFile(path, types.replace(/((?:from|import\() ?['"])(\.{1,2}\/[^'"]+?)(['"])/g, '$1$2.js$3'))
  }
}

/** @param {{ logLevel?: LogLevel }} [options] */
export async function buildLibrary({ logLevel = 'info' } = {}) {
  await rm(DIST_LIB, { recursive: true, force: true })
  await buildForNode({ index: join(ROOT, 'src/api/index.ts') }, DIST_LIB, logLevel)
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    // Files in the module's folder are found from it.
    base: './',
    logLevel,
    build: {
      outDir: DIST_LIB,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      lib: { entry: join(ROOT, 'src/api/browser.ts'), formats: ['es'], fileName: 'browser' },
      // Whoever bundles it has the packages once.
      rolldownOptions: {
        external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith(ROOT),
      },
    },
  })
  if ((await runTool('tsc', ['-p', 'scripts/tsconfig.library.json'])) !== 0) {
    throw new Error('the types of the library could not be written')
  }
  await addExtensions(join(DIST_LIB, 'types'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildCli()
  await buildLibrary()
}

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const COMPRESSIBLE = /\.(js|mjs|css|html|json|wasm|svg|txt)$/
const SMALLEST_WORTH_IT = 1024
/** Largest file for the best brotli, which takes half a minute for 10 MB and saves a tenth. */
const LARGEST_FOR_BEST = 3_000_000

/** @param {Buffer} contents */
function brotli(contents) {
  const quality = contents.length > LARGEST_FOR_BEST ? 9 : constants.BROTLI_MAX_QUALITY
  return promisify(brotliCompress)(contents, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
    },
  })
}

/** Writes `file.br` and `file.gz` next to each file under a folder that is smaller for it. @param {string} folder */
export async function compressFolder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  // One file at a time: each is compressed in two ways at once, and the largest takes 100 MB while it is.
  for (const path of paths) {
    const contents = await readFile(path)
    if (contents.length < SMALLEST_WORTH_IT) continue
    const [br, gz] = await Promise.all([brotli(contents), promisify(gzip)(contents, { level: 9 })])
    if (br.length < contents.length) await writeFile(`${path}.br`, br)
    if (gz.length < contents.length) await writeFile(`${path}.gz`, gz)
  }
}

/**
 * Compresses what was built, once and for all, so that the server only sends files.
 *
 * @returns {import('vite').Plugin}
 */
export function compress() {
  let folder = ''
  let complete = false
  return {
    name: 'compress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    writeBundle() {
      complete = true
    },
    async closeBundle() {
      if (complete) await compressFolder(folder)
    },
  }
}

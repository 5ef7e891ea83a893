import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

export const NOTICES = 'THIRD-PARTY-NOTICES.txt'

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i

const MICROSOFT = `MIT License

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/** Returns the comment at the top of a file, without its slashes. @param {string} file */
const headOf = (file) =>
  (/^(\/\/.*\n)+/.exec(readFileSync(file, 'utf8'))?.[0] ?? '').replace(/^\/\/ ?/gm, '').trim()

/**
 * Licences of packages that come without a file of it.
 *
 * @type {{ packages: RegExp, texts: (folder: string) => string[] }[]}
 */
const MISSING_TEXTS = [
  { packages: /^onnxruntime-/, texts: () => [MICROSOFT] },
  {
    packages: /^@bufbuild\/protobuf$/,
    texts: (folder) => [
      readFileSync(new URL('../LICENSE', import.meta.url), 'utf8').trim(),
      headOf(join(folder, 'dist/esm/wire/varint.js')),
    ],
  },
]

/**
 * Finds the folder of the package that a file belongs to.
 *
 * @param {string} file
 * @returns {string | undefined} undefined for a file of our own
 */
function packageFolderOf(file) {
  if (!/[\\/]node_modules[\\/]/.test(file)) return undefined
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    // Some packages have further manifests inside, which say of a folder how its modules are written.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return folder
  }
  return undefined
}

/**
 * Returns name, version and licence of a package, and the licence's text.
 *
 * @param {string} folder
 * @throws Error where no text of the licence is known
 */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const read = readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const known = MISSING_TEXTS.filter(({ packages }) => packages.test(name)).flatMap((it) => it.texts(folder))
  const texts = read.length > 0 ? read : known
  if (texts.length === 0) throw new Error(`${name} ${version} (${license}) comes without its licence`)
  return { title: `${name} ${version}, ${license}`, text: texts.join('\n\n') }
}

/**
 * Returns the notices of packages as a text; those that have one licence word for word share it.
 *
 * @param {Iterable<string>} folders
 */
function noticesText(folders) {
  /** @type {Map<string, string[]>} */
  const titles = new Map()
  for (const { title, text } of [...folders].sort().map(noticeOf)) {
    titles.set(text, [...(titles.get(text) ?? []), title])
  }
  const parts = [...titles].map(([text, named]) => `${named.join('\n')}\n\n${text}\n`)
  return parts.join(`\n${'-'.repeat(80)}\n\n`)
}

/**
 * Writes the notices of all packages of which something is in what was built.
 *
 * @param {readonly string[]} [copied] files of packages that are copied and not bundled
 * @returns {{ collect: () => import('vite').Plugin, write: () => import('vite').Plugin }} `collect` is for each build of
 *   several that fill one folder, `write` for the main one
 */
export function thirdPartyNotices(copied = []) {
  /** @type {Set<string>} */
  const folders = new Set()
  const add = (/** @type {string} */ file) => {
    const folder = packageFolderOf(file)
    if (folder !== undefined) folders.add(folder)
  }
  copied.forEach(add)

  return {
    collect() {
      let root = ''
      return {
        name: 'third-party-notices:collect',
        configResolved(config) {
          root = config.root
        },
        generateBundle(_options, bundle) {
          for (const output of Object.values(bundle)) {
            const files = output.type === 'chunk' ? output.moduleIds : output.originalFileNames
            for (const file of files) add(resolve(root, file.replace(/^\0|\?.*$/g, '')))
          }
        },
      }
    },

    write() {
      let folder = ''
      let complete = false
      return {
        name: 'third-party-notices:write',
        apply: 'build',
        configResolved(config) {
          folder = resolve(config.root, config.build.outDir)
        },
        writeBundle() {
          complete = true
        },
        closeBundle: {
          sequential: true,
          async handler() {
            if (!complete) return
            await writeFile(join(folder, NOTICES), noticesText(folders))
          },
        },
      }
    },
  }
}

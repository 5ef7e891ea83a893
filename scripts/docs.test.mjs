import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const FOLDERS = [
  'bench',
  'bin',
  'docs',
  'e2e',
  'fixtures',
  'public',
  'python',
  'scale',
  'scripts',
  'src',
  'training',
]
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** @param {string} text @param {RegExp} pattern */
const allOf = (text, pattern) => Array.from(text.matchAll(pattern), ([, found]) => found)

/** Returns the repository's paths in code: without wildcards and names to be filled in. @param {string} text */
const pathsIn = (text) =>
  allOf(text, /`([\w.-]+\/[\w./-]*)`/g).filter(
    (path) => FOLDERS.includes(path.split('/')[0]) && !/[A-Z]{3}/.test(path.replace('README', '')),
  )

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8')

  it('names files that are there', () => {
    const links = allOf(text, /\]\(([^)#:\s]+)(?:#[^)]*)?\)/g).map((link) => join(dirname(document), link))
    expect([...links, ...pathsIn(text)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('names commands that are there', () => {
    const named = allOf(text, /npm run ([\w:]+)/g)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

/** Returns the comments of a module, in which other files may be named. @param {string} source */
const commentsOf = (source) => allOf(source, /(\/\*\*?[\s\S]*?\*\/|^\s*\/\/.*$)/gm).join('\n')

/** Lists the hand-written files of a folder, relative to the root. @param {string} folder */
const modulesOf = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs|css)$/.test(path) && !path.includes('onnx_pb'))
    .map((path) => `${folder}/${path}`)

const modules = ['src', 'e2e', 'scripts', 'bench'].flatMap(modulesOf)
const rooms = new Set(modules.map((path) => path.split('/')[1]))

/**
 * Says whether a file that a comment names exists: from the root, from the file's own folder, or from src.
 *
 * @param {string} path
 * @param {string} from
 */
function leadsTo(path, from) {
  const places = [path, join(dirname(from), path), join('src', path), join('docs', path)]
  return places.some((place) =>
    ['', '.ts', '.tsx', '.mjs'].some((end) => existsSync(join(ROOT, place + end))),
  )
}

describe('docstrings', () => {
  it('name documents and modules that are there', () => {
    expect(modules.length).toBeGreaterThan(500)
    const astray = modules.flatMap((file) => {
      const comments = commentsOf(readFileSync(join(ROOT, file), 'utf8'))
      const named = [
        ...allOf(comments, /(?<![\w/.:@*-])((?:[\w.-]+\/)*[\w-]+\.(?:md|ts|tsx|mjs))\b/g),
        // Without its ending, from src.
        ...allOf(comments, /(?<![\w/.:@`'"-])([a-z]\w*(?:\/\w+)+)(?![\w/.(])/g).filter((path) =>
          rooms.has(path.split('/')[0]),
        ),
      ]
      return named.filter((path) => !leadsTo(path, file)).map((path) => `${file}: ${path}`)
    })
    expect(astray).toEqual([])
  })
})

it('SECURITY.md names tests that are there', () => {
  const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8').replaceAll(/\s+/g, ' ')
  const cited = Array.from(text.matchAll(/`([\w./]+\.(?:test|spec)\.\w+)` \(((?:\*[^*]+\*(?:, )?)+)\)/g))
  expect(cited.length).toBeGreaterThan(5)
  const missing = cited.flatMap(([, file, names]) => {
    const source = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\s+/g, ' ')
    return allOf(names, /\*([^*]+)\*/g).filter((name) => {
      const words = name.replace(/,? …$/, '')
      return !source.includes(words)
    })
  })
  expect(missing).toEqual([])
})

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

/** Finds a docstring at the start of a line, and the line that it documents. */
const DOCSTRING = /^([ \t]*)\/\*\*((?:(?!\*\/)[\s\S])*)\*\/[ \t]*\n([ \t]*[^\n]*)/gm

/** Begins what does or holds something: its docstring says so with a verb. Constants and fields may be named by a noun. */
const DECLARATION =
  /^(?:export )?(?:default )?(?:(?:abstract )?class|interface|type|(?:async )?function\*?)\b|^(?:export )?const \w+(?:: [^=\n]+)? =\s*(?:async )?(?:<[^=]+>)?\(/

/** Begins with a finite verb in the third person: `Returns`, `Holds`. */
const VERB = /^[A-Z][a-z]+s\b/

/** Begins a clause without a verb of its own, or one whose verb comes late. */
const FRONTED = /^(?:At|By|From|How|In|Of|On|That|To|What|When|Where|Whether|Which|Who|Whom|Whose|Why|With)\b/

/** Returns what a file's docstrings lack. @param {string} source */
const docstringComplaints = (source) =>
  Array.from(source.matchAll(DOCSTRING)).flatMap(([, indent, body, next]) => {
    const text = body
      .replace(/^[ \t]*\*[ \t]?/gm, '')
      .replace(/\s+/g, ' ')
      .trim()
    if (text.startsWith('@')) return []
    if (FRONTED.test(text)) return [`begins with no verb and no noun: ${text.slice(0, 60)}`]
    return indent === '' && DECLARATION.test(next) && !VERB.test(text)
      ? [`lacks a verb at its start: ${text.slice(0, 60)}`]
      : []
  })

/** Holds docstrings that a generator wrote. */
const GENERATED = /onnx_pb\.ts$/

describe('docstrings', () => {
  it('begin with a verb in the third person, or with the noun of what a constant or a field holds', () => {
    const files = ['src', 'scripts', 'e2e'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(tsx?|mjs)$/.test(name) && !GENERATED.test(name))
        .map((name) => join(folder, name)),
    )
    expect(files.length).toBeGreaterThan(1000)
    const found = files.flatMap((file) =>
      docstringComplaints(readFileSync(join(ROOT, file), 'utf8')).map((one) => `${file}: ${one}`),
    )
    expect(found).toEqual([])
  })

  it.each([
    ['/** What it is. */\nconst a = 1', 1],
    ['interface A {\n  /** Of each text. */\n  a: 1\n}', 1],
    ['/** The sum. */\nexport function sum() {}', 1],
    ['/**\n * Sum of all.\n */\nexport const sum = (a: number) => a', 1],
    ['/** Largest size, px. */\nconst SIZE = 3', 0],
    ['/**\n * Returns the sum.\n *\n * @param a number\n */\nexport function sum() {}', 0],
  ])('are judged: %s', (source, complaints) => {
    expect(docstringComplaints(source)).toHaveLength(complaints)
  })
})

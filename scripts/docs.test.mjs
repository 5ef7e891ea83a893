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

/** Paths of the repository in code: without wildcards and names to be filled in. @param {string} text */
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

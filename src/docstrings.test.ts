import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Finds a docstring at the start of a line, and what it documents. */
const DOCSTRING = /^([ \t]*)\/\*\*((?:(?!\*\/)[\s\S])*)\*\/[ \t]*\n([ \t]*[^\n]*)/gm

/** Begins what does or holds something: its docstring says so with a verb. Constants and fields may be named by a noun. */
const DECLARATION =
  /^(?:export )?(?:default )?(?:(?:abstract )?class|interface|type|(?:async )?function\*?)\b|^(?:export )?const \w+(?:: [^=\n]+)? =\s*(?:async )?(?:<[^=]+>)?\(/

/** Begins with a finite verb in the third person: `Returns`, `Holds`. */
const VERB = /^[A-Z][a-z]+s\b/

/** Begins a clause without a verb of its own, or one whose verb comes late. */
const FRONTED = /^(?:At|By|From|How|In|Of|On|That|To|What|When|Where|Whether|Which|Who|Whom|Whose|Why|With)\b/

/** Returns what a file's docstrings lack. */
function complaints(source: string): string[] {
  return Array.from(source.matchAll(DOCSTRING)).flatMap(([, indent, body, next]) => {
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
}

const ROOT = join(import.meta.dirname, '..')
const FILES = ['src', 'scripts', 'e2e'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .map((name) => join(folder, name)),
)

/** Docstrings in files that a generator wrote. */
const GENERATED = /onnx_pb\.ts$/

it('begin with a verb in the third person, or with the noun of what a constant or a field holds', () => {
  expect(FILES.length).toBeGreaterThan(1000)
  const found = FILES.filter((file) => !GENERATED.test(file)).flatMap((file) =>
    complaints(readFileSync(join(ROOT, file), 'utf8')).map((one) => `${file}: ${one}`),
  )
  expect(found).toEqual([])
})

it('are found wherever they are', () => {
  expect(complaints('/** What it is. */\nconst a = 1')).toHaveLength(1)
  expect(complaints('interface A {\n  /** Of each text. */\n  a: 1\n}')).toHaveLength(1)
  expect(complaints('/** The sum. */\nexport function sum() {}')).toHaveLength(1)
  expect(complaints('/**\n * Sum of all.\n */\nexport const sum = (a: number) => a')).toHaveLength(1)
  expect(complaints('/** Largest size, px. */\nconst SIZE = 3')).toEqual([])
  expect(
    complaints('/**\n * Returns the sum.\n *\n * @param a number\n */\nexport function sum() {}'),
  ).toEqual([])
})

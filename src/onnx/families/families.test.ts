import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FAMILIES } from '.'

const SRC = fileURLToPath(new URL('../../../src/', import.meta.url))

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/(\.test|Fixture|test[A-Z]\w*)\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

describe('the families', () => {
  const names = FAMILIES.flatMap(({ modelTypes }) => modelTypes)

  it('have each a name of its own', () => {
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(names)('know %s in one file', (name) => {
    const quoted = new RegExp(`(['"\`])${name}\\1`)
    const knowing = sources.filter(({ text }) => quoted.test(text)).map(({ path }) => path)
    expect(knowing).toHaveLength(1)
    expect(knowing[0]).toMatch(/^onnx[/\\]families[/\\]\w+\.ts$/)
  })
})

import { describe, expect, it } from 'vitest'
import { type PythonSnippetInput, pythonSnippet, pythonString } from './pythonSnippet'

const INPUT: PythonSnippetInput = {
  modelId: 'bert-imdb-l12-h384',
  sha256: 'ab'.repeat(32),
  hasHead: true,
  text: 'It was "good" \\ 🎬\n',
  inputIds: [101, 2009, 102],
  substitutions: [
    { position: 1, tokenId: 7 },
    { position: 2, tokenId: 8 },
  ],
}

describe('a Python string', () => {
  it('is ASCII, on one line, and cannot end early', () => {
    expect(pythonString('a"b\\c\n\r\t\0é\u2028')).toBe('"a\\"b\\\\c\\n\\u000d\\u0009\\u0000\\u00e9\\u2028"')
    expect(pythonString('"""\nimport os\n"""')).toBe('"\\"\\"\\"\\nimport os\\n\\"\\"\\""')
    expect(pythonString('\\')).toBe('"\\\\"')
  })

  it('writes emoji as one character, and half a surrogate pair as U+FFFD', () => {
    expect(pythonString('🎬')).toBe('"\\U0001f3ac"')
    expect(pythonString('\ud83c')).toBe('"\\ufffd"')
  })
})

describe('the snippet', () => {
  it('carries text, ids, substitutions and the file to check', () => {
    const snippet = pythonSnippet(INPUT)
    expect(snippet).toContain('TEXT = "It was \\"good\\" \\\\ \\U0001f3ac\\n"\n')
    expect(snippet).toContain('INPUT_IDS = [101, 2009, 102]\n')
    expect(snippet).toContain('SUBSTITUTIONS = {1: 7, 2: 8}\n')
    expect(snippet).toContain(`SHA256 = "${'ab'.repeat(32)}"`)
    expect(snippet).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('lists many ids in lines', () => {
    const inputIds = Array.from({ length: 33 }, (_, i) => i)
    const [, list] = /INPUT_IDS = (\[[^\]]*\])/.exec(pythonSnippet({ ...INPUT, inputIds })) ?? []
    expect(JSON.parse(list.replace(/,\s*\]/, ']'))).toEqual(inputIds)
    expect(Math.max(...list.split('\n').map(({ length }) => length))).toBeLessThan(110)
  })

  it('asks a model without a head for no prediction', () => {
    const snippet = pythonSnippet({ ...INPUT, hasHead: false })
    expect(snippet).toContain('model = BertModel(config')
    expect(snippet).not.toContain('logits')
  })
})

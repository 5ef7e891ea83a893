import { describe, expect, it } from 'vitest'
import { pieceKindOf } from '../../core/text/tokenPieces'
import { nodeTokenizers } from './nodeTokenizers'
import { createTokenizer } from './tokenizer'
import { misplaced, oddTexts, sourceOf, tokenizerCases } from './tokenizerFixture'
import { tokenizerObject } from './tokenizerObject'
import { WasmTokenizer } from './wasmTokenizer'

const module = await nodeTokenizers()
const MANY = 4000

describe('odd texts', () => {
  it('are at least sixty, for at least sixty tokenizers', () => {
    expect(oddTexts.length).toBeGreaterThanOrEqual(60)
    expect(tokenizerCases.length).toBeGreaterThanOrEqual(60)
  })
})

describe.each(tokenizerCases)("$name gives transformers' ids and offsets", (tokenizer) => {
  const source = sourceOf(tokenizer)

  it('as the crate has them', () => {
    const { json, splitSpecialTokens } = tokenizerObject(source)
    const crate = new WasmTokenizer(module, json, splitSpecialTokens)
    const wrong = oddTexts.flatMap(([name, text], at) => {
      const { ids, starts, ends } = crate.encode(text, null, true)
      const made = { ids, offsets: starts.flatMap((start, i) => [start, ends[i]]) }
      const wanted = { ids: tokenizer.ids[at], offsets: tokenizer.offsets[at] }
      return JSON.stringify(made) === JSON.stringify(wanted) ? [] : [{ name, made, wanted }]
    })
    expect(wrong).toEqual([])
  })

  it('as the tool has them', () => {
    const opened = createTokenizer(module, source, { maxPositions: MANY, vocabularySize: MANY })
    const kind = pieceKindOf(opened.vocabulary)
    for (const [at, [name, text]] of oddTexts.entries()) {
      const { tokens, totalTokens } = opened.tokenize(text)
      expect({ name, ids: tokens.map(({ id }) => id) }).toEqual({ name, ids: tokenizer.ids[at] })
      expect(opened.framed(opened.contentIds(text)).inputIds).toEqual(tokenizer.ids[at])
      expect({ name, wrong: misplaced(text, tokens, tokenizer.offsets[at], kind) }).toEqual({
        name,
        wrong: [],
      })
      expect(totalTokens).toBe(tokenizer.ids[at].length)
    }
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import { nodeTokenizers } from './nodeTokenizers'
import { tokenizerObject } from './tokenizerObject'
import { WasmTokenizer } from './wasmTokenizer'

/** Output of training/reference_patterns.py: start and end of each part, flat; null where Python's crate refuses the pattern. */
const FIXTURE = JSON.parse(
  readFileSync(new URL('../../../fixtures/patterns.json', import.meta.url), 'utf8'),
) as { readonly text: string; readonly patterns: readonly (readonly [string, readonly number[] | null])[] }

const module = await nodeTokenizers()

/** Returns the starts and ends of the parts that a pattern isolates: each is a word that the vocabulary lacks. */
function split(pattern: string, text: string): readonly number[] | FailureError {
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    pre_tokenizer: { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
  }
  try {
    const { json } = tokenizerObject({
      tokenizer,
      tokenizerConfig: { tokenizer_class: 'PreTrainedTokenizerFast' },
    })
    const { starts, ends } = new WasmTokenizer(module, json).encode(text, null, false)
    return starts.flatMap((start, i) => [start, ends[i]])
  } catch (thrown) {
    if (thrown instanceof FailureError) return thrown
    throw thrown
  }
}

describe('a pattern of Oniguruma', () => {
  const { text, patterns } = FIXTURE
  it.each(patterns)("splits as Python's tokenizers do, or is refused: %s", (pattern, parts) => {
    const found = split(pattern, text)
    if (found instanceof FailureError) {
      expect(found.failure.kind).toBe('unsupported-model')
      return
    }
    expect(found).toEqual(parts)
  })

  it('is refused by its name where it is', () => {
    const refused = patterns.flatMap(([pattern, parts]) => {
      const found = parts && split(pattern, text)
      return found instanceof FailureError ? [{ pattern, message: found.message }] : []
    })
    expect(refused.length).toBeLessThan(30)
    for (const { pattern, message } of refused) expect(message).toContain(pattern)
  })
})

import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { tokenizerObject } from './tokenizerObject'

const MODEL = { type: 'WordLevel', vocab: { u: 0 }, unk_token: 'u' }

function refusalOf(parts: object): string | null {
  try {
    tokenizerObject({ tokenizer: { model: MODEL, ...parts } })
    return null
  } catch (error) {
    const { kind, message } = failureOf(error)
    expect(kind).toBe('unsupported-model')
    return message
  }
}

describe('tokenizer.json', () => {
  it.each<[string, object, RegExp]>([
    ['field of a normalizer', { normalizer: { type: 'NFC', form: 'D' } }, /normalizer\.form/],
    [
      'field of a part of a sequence',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [{ type: 'Digits', individual_digits: true, script: 'Deva' }],
        },
      },
      /pre_tokenizer\.pretokenizers\.0\.script/,
    ],
    [
      'field of a post-processor',
      { post_processor: { type: 'BertProcessing', sep: ['u', 0], cls: ['u', 0], trim_offsets: true } },
      /post_processor\.trim_offsets/,
    ],
    ['field of a model', { model: { ...MODEL, byte_fallback: true } }, /model\.byte_fallback/],
    ['field of the whole', { lowercase: true }, /tokenizer\.lowercase/],
    ['type', { normalizer: { type: 'Transliterate' } }, /normalizer of the type "Transliterate"/],
    ['type that is a word of JavaScript', { pre_tokenizer: { type: 'constructor' } }, /"constructor"/],
    [
      'part without a type',
      { normalizer: { strip_left: true, strip_right: true } },
      /normalizer of the type/,
    ],
    ['part that is none', { normalizer: 'NFC' }, /normalizer/],
    [
      'field of an added token',
      { added_tokens: [{ id: 0, content: 'u', case_insensitive: true }] },
      /case_insensitive/,
    ],
  ])('is refused for a %s that is not read', (_, parts, named) => {
    expect(refusalOf(parts)).toMatch(named)
  })

  it('is read where such a field says nothing, and a part is not there', () => {
    expect(refusalOf({ normalizer: { type: 'NFC', form: null }, pre_tokenizer: null })).toBeNull()
  })
})

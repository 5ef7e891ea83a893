import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { pieceKindOf } from '../../core/text/tokenPieces'
import { familyFile, readFamilyJson } from '../familyFixture'
import { nodeTokenizers } from './nodeTokenizers'
import { createTokenizer, type ReviewTokenizer } from './tokenizer'
import { misplaced } from './tokenizerFixture'

const module = await nodeTokenizers()

interface TokenizerFixture {
  readonly maxTokens: number
  readonly texts: Readonly<Record<string, string>>
  readonly tokenizers: readonly {
    readonly name: string
    readonly folder: string
    readonly patch: object
    readonly config: object
    readonly cases: readonly {
      readonly name: string
      readonly ids: readonly number[]
      readonly offsets: readonly number[]
    }[]
    readonly truncated: readonly number[]
    readonly empty: readonly number[]
  }[]
}

const { maxTokens, texts, tokenizers } = JSON.parse(
  readFileSync(familyFile('.', 'tokenizers.json'), 'utf8'),
) as TokenizerFixture

const MANY_TOKENS = 2000

function open(folder: string, patch: object, config: object = {}, tokens = MANY_TOKENS): ReviewTokenizer {
  const json = { ...readFamilyJson<object>(folder, 'tokenizer.json'), ...patch }
  const settings = { ...readFamilyJson<object>(folder, 'tokenizer_config.json'), ...config }
  const { vocab_size: vocabularySize } = readFamilyJson<{ vocab_size: number }>(folder, 'config.json')
  return createTokenizer(
    module,
    { tokenizer: json, tokenizerConfig: settings },
    { maxPositions: tokens, vocabularySize },
  )
}

describe.each(tokenizers)(
  '$name against transformers',
  ({ name, folder, patch, config, cases, truncated, empty }) => {
    const tokenizer = open(folder, patch, config)
    const kind = pieceKindOf(tokenizer.vocabulary)

    it.each(cases)('cuts and places: $name', ({ name: textName, ids, offsets }) => {
      const text = texts[textName]
      const { tokens, truncatedAt, totalTokens } = tokenizer.tokenize(text)
      expect(tokens.map(({ id }) => id)).toEqual(ids)
      expect(tokenizer.framed(tokenizer.contentIds(text)).inputIds).toEqual(ids)
      expect(truncatedAt).toBeNull()
      expect(totalTokens).toBe(ids.length)
      expect(misplaced(text, tokens, offsets, kind)).toEqual([])
    })

    it('keeps what stands around a text when it is cut', () => {
      const short = open(folder, patch, config, maxTokens)
      const { tokens, truncatedAt, readFrom = 0 } = short.tokenize(texts.long)
      expect(tokens.map(({ id }) => id)).toEqual(truncated)
      expect(short.framed(short.contentIds(texts.long))).toEqual({ inputIds: truncated, truncated: true })
      if (name.includes('cut at the beginning')) {
        expect(truncatedAt).toBeNull()
        expect(readFrom).toBeGreaterThan(0)
        expect(tokens.every(({ start }) => start >= readFrom)).toBe(true)
        expect(tokens.at(-1)?.end).toBe(texts.long.length)
      } else {
        expect(readFrom).toBe(0)
        expect(truncatedAt).toBeGreaterThan(0)
        expect(tokens.every(({ end }) => end <= (truncatedAt ?? 0))).toBe(true)
      }
      expect(short.tokenize('').tokens.map(({ id }) => id)).toEqual(empty)
    })

    it('calls what stands around a text framing', () => {
      for (const id of empty) expect(tokenizer.framingIds).toContain(id)
    })
  },
)

describe('createTokenizer', () => {
  const lengthLimit = { model_max_length: 1e30 }
  const unnamed = { cls_token: undefined, sep_token: undefined, pad_token: undefined, mask_token: undefined }
  const names = (tokenizer: ReviewTokenizer, ids: Iterable<number>) =>
    [...ids].map((id) => tokenizer.vocabulary[id]).sort()

  it.each<[string, string[], string | null]>([
    ['tiny-bert', ['[CLS]', '[PAD]', '[SEP]'], '[MASK]'],
    ['tiny-roberta', ['</s>', '<pad>', '<s>'], '<mask>'],
    ['tiny-xlm-roberta', ['</s>', '<pad>', '<s>'], '<mask>'],
    ['tiny-mpnet', ['</s>', '<pad>', '<s>'], '<mask>'],
    ['tiny-modernbert', ['[CLS]', '[PAD]', '[SEP]'], '[MASK]'],
    ['tiny-gpt2', ['<|endoftext|>'], null],
    ['tiny-llama', ['</s>', '<s>'], null],
  ])(
    'keeps from substitution what stands around a text, but not mask and unknown: %s',
    (folder, framing, mask) => {
      for (const config of [{}, unnamed]) {
        const tokenizer = open(folder, {}, config)
        expect(names(tokenizer, tokenizer.framingIds)).toEqual(framing)
        expect(tokenizer.maskId === null ? null : tokenizer.vocabulary[tokenizer.maskId]).toBe(mask)
        for (const id of tokenizer.framingIds) expect(tokenizer.specialIds).toContain(id)
      }
    },
  )

  it('reads a model without tokenizer_config.json', () => {
    const json = readFamilyJson<object>('tiny-bert', 'tokenizer.json')
    for (const config of [undefined, null, {}]) {
      const tokenizer = createTokenizer(
        module,
        { tokenizer: json, tokenizerConfig: config },
        { maxPositions: 64, vocabularySize: 306 },
      )
      const { tokens } = tokenizer.tokenize('the film')
      expect(tokens.map(({ text }) => text)).toEqual(['[CLS]', 'the', 'film', '[SEP]'])
    }
  })

  it('takes the limit from the model, not from model_max_length', () => {
    const tokenizer = open('tiny-llama', {}, lengthLimit, 5)
    expect(tokenizer.tokenize('the film was long').tokens).toHaveLength(5)
  })

  it('calls an added token by its name, and places it', () => {
    const { added_tokens: added } = readFamilyJson<{ added_tokens: object[] }>('tiny-gpt2', 'tokenizer.json')
    const own = { id: 319, content: '<br />', special: false, normalized: false }
    const tokenizer = open('tiny-gpt2', { added_tokens: [...added, own] })
    const { tokens } = tokenizer.tokenize('an é<br />x')
    const at = tokens.findIndex(({ text }) => text === '<br />')
    expect(tokens[at]).toMatchObject({ text: '<br />', special: false, start: 4, end: 10 })
    expect(tokens.at(-1)).toMatchObject({ start: 10, end: 11 })
    expect(tokenizer.specialIds).not.toContain(tokens[at].id)
  })

  it('leaves out what a tokenizer without an unknown token has no entry for', () => {
    const { model } = readFamilyJson<{ model: { vocab: object } }>('tiny-llama', 'tokenizer.json')
    const tokenizer = open(
      'tiny-llama',
      { model: { ...model, unk_token: null, byte_fallback: false } },
      { unk_token: null },
    )
    const { tokens } = tokenizer.tokenize('the ᚠ film')
    expect(tokens.every(({ id }) => Number.isInteger(id))).toBe(true)
    expect(tokens.map(({ start, end }) => 'the ᚠ film'.slice(start, end).trim()).join('')).toBe('thefilm')
  })

  it('places a character cut in two by the limit', () => {
    const tokenizer = open('tiny-gpt2', {}, {}, 2)
    const { tokens, truncatedAt } = tokenizer.tokenize('😀 x')
    expect(tokens.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [0, 2],
    ])
    expect(truncatedAt).toBe(0)
  })

  it('takes half of a surrogate pair for the character that stands for none', () => {
    const { tokens } = open('tiny-gpt2', {}).tokenize('a\ud83d b')
    expect(tokens.at(-1)).toMatchObject({ text: 'Ġb', start: 3, end: 4 })
  })

  it('reads the end of a very long text where texts are cut at their beginning', () => {
    const tokenizer = open('tiny-gpt2', {}, { truncation_side: 'left' }, 40)
    const text = `${'the film was long '.repeat(10_000)}and good`
    const { tokens, readFrom, totalIsAtLeast } = tokenizer.tokenize(text)
    expect(tokens.map(({ id }) => id)).toEqual(tokenizer.framed(tokenizer.contentIds(text)).inputIds)
    expect(text.slice(readFrom)).toMatch(/^ ?\w.*and good$/)
    expect(totalIsAtLeast).toBe(true)
  })

  it.each(['truncation_side', 'padding_side'])('refuses another %s by its name', (name) => {
    expect(() => open('tiny-gpt2', {}, { [name]: 'middle' })).toThrow(name)
  })

  it('refuses a template that does more than stand around a text', () => {
    const [cls, sequence] = [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 0 } },
    ]
    const template = {
      type: 'TemplateProcessing',
      single: [cls, sequence],
      pair: [cls, sequence],
      special_tokens: { '[CLS]': { id: '[CLS]', ids: [12], tokens: ['[CLS]'] } },
    }
    let failure: unknown
    try {
      // BertTokenizer puts a template of its own over the file's.
      open('tiny-bert', { post_processor: template }, { tokenizer_class: 'PreTrainedTokenizerFast' })
    } catch (error) {
      failure = error
    }
    expect(failureOf(failure).kind).toBe('unsupported-model')
  })
})

import { Tokenizer } from '@huggingface/tokenizers'
import * as v from 'valibot'
import { alignPieces } from '../core/alignment'
import { fail } from '../core/failure'
import type { Token, TokenizedText } from '../core/token'

/** Texts past this are tokenised in part: the model reads far less, and only the count would be learned. */
const MAX_CHARACTERS = 100_000

const tokenizerSchema = v.looseObject({ model: v.looseObject({ type: v.string() }) })

const specialTokenSchema = v.optional(
  v.nullable(
    v.union([
      v.string(),
      v.pipe(
        v.object({ content: v.string() }),
        v.transform(({ content }) => content),
      ),
    ]),
  ),
)

const tokenizerConfigSchema = v.looseObject({
  unk_token: specialTokenSchema,
  cls_token: specialTokenSchema,
  sep_token: specialTokenSchema,
  pad_token: specialTokenSchema,
  mask_token: specialTokenSchema,
})

/** A model's tokenizer: text to ids and back to places in the text. */
export interface ReviewTokenizer {
  readonly vocabulary: readonly string[]
  /** Ids that are never a word of the language: [CLS], [MASK], [PAD], ... */
  readonly specialIds: ReadonlySet<number>
  /** [CLS], [SEP], [PAD]: what stands around a text, never a candidate for substitution. */
  readonly framingIds: ReadonlySet<number>
  /** null where the tokenizer has no mask. */
  readonly maskId: number | null
  tokenize(text: string): TokenizedText
  /** Ids of a whole text, however long, without special tokens around it. */
  contentIds(text: string): number[]
  /** Ids as the model takes them: cut at its limit, with special tokens around. */
  framed(contentIds: readonly number[]): { readonly inputIds: number[]; readonly truncated: boolean }
}

/** A text in parts that are cut at white space where there is any: no token reaches across it. */
function* partsOf(text: string): Generator<string> {
  let start = 0
  while (text.length - start > MAX_CHARACTERS) {
    const end = start + MAX_CHARACTERS
    const space = text.slice(start, end).search(/\s\S*$/)
    const cut = space > 0 ? start + space : end
    yield text.slice(start, cut)
    start = cut
  }
  yield text.slice(start)
}

function vocabularyOf(tokenizer: Tokenizer, size: number): string[] {
  const vocabulary = new Array<string>(size).fill('')
  for (const [token, id] of tokenizer.get_vocab(true)) if (id < size) vocabulary[id] = token
  return vocabulary
}

/**
 * @param json `tokenizer.json`
 * @param configJson `tokenizer_config.json`
 * @param maxTokens longest sequence, special tokens included
 * @param vocabularySize rows of the word table
 * @throws FailureError `unsupported-model`
 */
export function createTokenizer(
  json: unknown,
  configJson: unknown,
  maxTokens: number,
  vocabularySize: number,
): ReviewTokenizer {
  const parsed = v.safeParse(tokenizerSchema, json)
  const parsedConfig = v.safeParse(tokenizerConfigSchema, configJson)
  if (!parsed.success) fail('unsupported-model', 'tokenizer.json is not a tokenizer.')
  if (!parsedConfig.success) fail('unsupported-model', 'tokenizer_config.json cannot be used.')
  let tokenizer: Tokenizer
  try {
    tokenizer = new Tokenizer(parsed.output, parsedConfig.output)
  } catch (error) {
    fail(
      'unsupported-model',
      `tokenizer.json cannot be used: ${error instanceof Error ? error.message : error}`,
    )
  }
  const config = parsedConfig.output
  const vocabulary = vocabularyOf(tokenizer, vocabularySize)
  const specialIds = new Set(
    [...tokenizer.get_added_tokens_decoder()].filter(([, token]) => token.special).map(([id]) => id),
  )
  const framing = new Set([config.cls_token, config.sep_token, config.pad_token])
  const unknown = config.unk_token ?? '[UNK]'
  const template = tokenizer.encode('').ids
  const prefixLength = template.findIndex((id) => vocabulary[id] === config.sep_token)
  const prefix = template.slice(0, Math.max(prefixLength, 0))
  const suffix = template.slice(prefix.length)
  const room = maxTokens - template.length
  const contentIds = (text: string) => {
    const ids: number[] = []
    for (const part of partsOf(text)) {
      for (const id of tokenizer.encode(part, { add_special_tokens: false }).ids) ids.push(id)
    }
    return ids
  }

  return {
    vocabulary,
    specialIds,
    framingIds: new Set(vocabulary.flatMap((token, id) => (framing.has(token) ? [id] : []))),
    maskId: config.mask_token ? (tokenizer.token_to_id(config.mask_token) ?? null) : null,
    contentIds,
    framed: (ids) => ({
      inputIds: [...prefix, ...ids.slice(0, room), ...suffix],
      truncated: ids.length > room,
    }),
    tokenize(text) {
      const part = text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text
      const { ids } = tokenizer.encode(part, { add_special_tokens: false })
      const kept = ids.slice(0, room)
      const following = ids.slice(kept.length, kept.length + 1)
      const pieces = [...kept, ...following].map((id) => vocabulary[id] ?? unknown)
      const spans = alignPieces(part, pieces, unknown)
      const end = spans[kept.length - 1]?.end ?? 0
      const frame = (id: number, offset: number): Token => ({
        id,
        text: vocabulary[id],
        special: true,
        start: offset,
        end: offset,
      })
      const content = kept.map(
        (id, i): Token => ({
          id,
          text: pieces[i],
          special: framing.has(pieces[i]),
          ...spans[i],
        }),
      )
      return {
        text,
        tokens: [...prefix.map((id) => frame(id, 0)), ...content, ...suffix.map((id) => frame(id, end))],
        truncatedAt: following.length > 0 ? spans[kept.length].start : part.length < text.length ? end : null,
        totalTokens: ids.length + template.length,
        totalIsAtLeast: part.length < text.length,
      }
    },
  }
}

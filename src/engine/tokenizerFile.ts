import { Tokenizer } from '@huggingface/tokenizers'
import * as v from 'valibot'
import { fail } from '../core/failure'

/** Of what the library says went wrong, as far as a sentence can hold it. */
const MAX_REASON = 160

/** No model has more; the library makes an array as long as the largest id. */
const MAX_VOCABULARY = 2 ** 22

const isTokenId = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_VOCABULARY

/** Ids by piece, or pieces with their scores (Unigram). Checked as it is: a record schema would drop words like `constructor`. */
const isVocabulary = (value: unknown) =>
  Array.isArray(value)
    ? value.length < MAX_VOCABULARY
    : typeof value === 'object' && value !== null && Object.values(value).every(isTokenId)

const tokenizerSchema = v.looseObject({
  model: v.looseObject({
    type: v.string(),
    vocab: v.optional(v.custom<object>(isVocabulary)),
    unk_token: v.nullish(v.string()),
    unk_id: v.nullish(v.number()),
  }),
  normalizer: v.nullish(v.looseObject({ type: v.string() })),
  added_tokens: v.array(v.looseObject({ id: v.custom<number>(isTokenId), content: v.string() })),
})

const specialTokenSchema = v.nullish(
  v.union([
    v.string(),
    v.pipe(
      v.object({ content: v.string() }),
      v.transform(({ content }) => content),
    ),
  ]),
)

const tokenizerConfigSchema = v.looseObject({
  unk_token: specialTokenSchema,
  bos_token: specialTokenSchema,
  eos_token: specialTokenSchema,
  cls_token: specialTokenSchema,
  sep_token: specialTokenSchema,
  pad_token: specialTokenSchema,
  mask_token: specialTokenSchema,
  do_lower_case: v.nullish(v.unknown()),
  strip_accents: v.nullish(v.unknown()),
  tokenize_chinese_chars: v.nullish(v.unknown()),
})

type TokenizerJson = v.InferOutput<typeof tokenizerSchema>
export type TokenizerConfig = v.InferOutput<typeof tokenizerConfigSchema>

/** Tokens of a text; what the library has no id for (no unknown token) is left out. */
export interface EncodedText {
  readonly ids: number[]
  /** What each spells: the vocabulary's entry; for unknown ones of Unigram the text itself. */
  readonly spelled: string[]
}

export interface TokenizerFile {
  readonly tokenizer: Tokenizer
  readonly config: TokenizerConfig
  /** Entries by id, as many as the word table has rows; empty for rows without a token. */
  readonly vocabulary: readonly string[]
  /** The unknown token's entry; empty where there is none, as in byte-level BPE. */
  readonly unknown: string
  encode(text: string, addSpecialTokens: boolean): EncodedText
}

/** What the library does with a file, whose mistakes it may find only when it reads a text. */
function usable<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('unsupported-model', `tokenizer.json cannot be used: ${reason.slice(0, MAX_REASON)}`)
  }
}

function vocabularyOf(tokenizer: Tokenizer, size: number): string[] {
  const vocabulary = new Array<string>(size).fill('')
  // Ids that nothing stands for come as undefined.
  for (const [token, id] of tokenizer.get_vocab(true)) if (id < size) vocabulary[id] = token ?? ''
  return vocabulary
}

/** As transformers does for BERT's tokenizer: what tokenizer_config.json says of the normaliser holds. */
function withConfiguredNormalizer(json: TokenizerJson, config: TokenizerConfig): TokenizerJson {
  if (json.normalizer?.type !== 'BertNormalizer') return json
  const { do_lower_case, strip_accents, tokenize_chinese_chars } = config
  return {
    ...json,
    normalizer: {
      ...json.normalizer,
      ...(typeof do_lower_case === 'boolean' && { lowercase: do_lower_case }),
      ...(typeof strip_accents === 'boolean' && { strip_accents }),
      ...(typeof tokenize_chinese_chars === 'boolean' && { handle_chinese_chars: tokenize_chinese_chars }),
    },
  }
}

function unknownToken({ model }: TokenizerJson, config: TokenizerConfig): string {
  if (config.unk_token) return config.unk_token
  if (model.unk_token) return model.unk_token
  const entry: unknown = Array.isArray(model.vocab) ? model.vocab[model.unk_id ?? -1] : undefined
  if (Array.isArray(entry) && typeof entry[0] === 'string') return entry[0]
  return model.type === 'WordPiece' ? '[UNK]' : ''
}

/**
 * @param json `tokenizer.json`
 * @param configJson `tokenizer_config.json`; null or undefined where the model has none
 * @param vocabularySize rows of the word table
 * @throws FailureError `unsupported-model`
 */
export function readTokenizerFile(json: unknown, configJson: unknown, vocabularySize: number): TokenizerFile {
  const parsed = v.safeParse(tokenizerSchema, json)
  const parsedConfig = v.safeParse(tokenizerConfigSchema, configJson ?? {})
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0])
    fail('unsupported-model', `tokenizer.json is not a tokenizer${field ? `: ${field} is wrong` : ''}.`)
  }
  if (!parsedConfig.success) fail('unsupported-model', 'tokenizer_config.json cannot be used.')
  if (vocabularySize > MAX_VOCABULARY) {
    fail('unsupported-model', `config.json says that the vocabulary has ${vocabularySize} tokens.`)
  }
  const config = parsedConfig.output
  const plain = withConfiguredNormalizer(parsed.output, config)
  const tokenizer = usable(() => new Tokenizer(plain, config))
  const vocabulary = vocabularyOf(tokenizer, vocabularySize)
  const unknown = unknownToken(plain, config)
  const encode = (text: string, addSpecialTokens: boolean): EncodedText => {
    const { ids, tokens } = usable(() => tokenizer.encode(text, { add_special_tokens: addSpecialTokens }))
    if (ids.every(Number.isInteger)) return { ids, spelled: tokens }
    const known = [...ids.keys()].filter((i) => Number.isInteger(ids[i]))
    return { ids: known.map((i) => ids[i]), spelled: known.map((i) => tokens[i]) }
  }
  return { tokenizer, config, vocabulary, unknown, encode }
}

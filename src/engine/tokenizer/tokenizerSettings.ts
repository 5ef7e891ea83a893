import * as v from 'valibot'
import { fail } from '../../core/failure'

/** Holds one entry of `added_tokens` in tokenizer.json, without its id: the crate numbers them. */
export interface AddedTokenJson {
  readonly content: string
  readonly single_word: boolean
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly normalized: boolean
  readonly special: boolean
}

/** The special tokens with names, in transformers' order (`SPECIAL_TOKENS_ATTRIBUTES`). */
export const SPECIAL_NAMES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const
export type SpecialName = (typeof SPECIAL_NAMES)[number]

const isSpecialName = (name: string): name is SpecialName =>
  (SPECIAL_NAMES as readonly string[]).includes(name)

const flag = v.nullish(v.boolean())
/** An AddedToken as the files write it. */
export const tokenObject = v.looseObject({
  content: v.string(),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
})
const token = v.union([v.string(), tokenObject])
type TokenJson = v.InferOutput<typeof token>

const object = v.record(v.string(), v.unknown())

/** Returns the same as `AddedToken(content, special=special)`: special tokens are not normalised. */
export const addedToken = (content: string, special: boolean): AddedTokenJson => ({
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: !special,
  special,
})

/** Fields of an AddedToken; transformers takes no other. */
const TOKEN_FIELDS = new Set([...Object.keys(tokenObject.entries), 'id', '__type'])

/** @param special whether it is one whatever its own flag says */
export function readToken(json: TokenJson, special: boolean): AddedTokenJson {
  if (typeof json === 'string') return addedToken(json, special)
  for (const name of Object.keys(json)) {
    if (!TOKEN_FIELDS.has(name)) {
      fail(
        'unsupported-model',
        `The added token ${JSON.stringify(json.content)} sets ${name}, which is not read.`,
      )
    }
  }
  const isSpecial = special || json.special === true
  return {
    content: json.content,
    single_word: json.single_word ?? false,
    lstrip: json.lstrip ?? false,
    rstrip: json.rstrip ?? false,
    normalized: json.normalized ?? !isSpecial,
    special: isSpecial,
  }
}

/** Holds a special token as its class sees it: a plain string, or an AddedToken with flags of its own. */
export type SpecialToken = string | AddedTokenJson

export const contentOf = (special: SpecialToken) => (typeof special === 'string' ? special : special.content)

/** Holds what transformers passes to a tokenizer's class (`_from_pretrained`). */
export interface TokenizerSettings {
  /** Values of tokenizer_config.json over those of the folder's other files, without special tokens. */
  readonly values: Readonly<Record<string, unknown>>
  /** undefined where the class's own default holds, null where there is none. */
  readonly special: Readonly<Partial<Record<SpecialName, SpecialToken | null>>>
  /** Special tokens under names of the model's own: `image_token`. */
  readonly ownSpecial: readonly SpecialToken[]
  /** `extra_special_tokens` or `additional_special_tokens`; null where neither is stated. */
  readonly extraSpecial: readonly SpecialToken[] | null
  /** Same tokens in special_tokens_map.json, which a class with such tokens of its own takes in their place. */
  readonly additionalSpecial: readonly SpecialToken[] | null
  /** Tokens to add, by id. */
  readonly added: readonly AddedTokenJson[]
}

export interface SettingsFiles {
  /** `tokenizer_config.json` */
  readonly tokenizerConfig?: unknown
  /** `special_tokens_map.json`, of older folders */
  readonly specialTokens?: unknown
  /** `added_tokens.json`, of older folders: ids by content */
  readonly addedTokens?: unknown
  /** `added_tokens` of tokenizer.json */
  readonly fileTokens: unknown
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  name: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json)
  if (result.success) return result.output
  const path = v.getDotPath(result.issues[0])
  return fail('unsupported-model', `${name} cannot be used${path ? `: ${path} is wrong` : ''}.`)
}

const entries = (json: unknown, name: string): Record<string, unknown> =>
  json === null || json === undefined ? {} : { ...parsed(object, json, name) }

const id = v.pipe(v.number(), v.integer(), v.minValue(0))
const decoderSchema = v.record(v.pipe(v.string(), v.regex(/^\d+$/)), tokenObject)
const addedTokensSchema = v.record(v.string(), id)
const fileTokensSchema = v.nullish(v.array(v.looseObject({ ...tokenObject.entries, id })))
const extraSchema = v.union([v.array(token), v.record(v.string(), token)])

/**
 * Merges what the files of a folder say, as transformers does (`tokenization_utils_base.py`, `_from_pretrained`): added
 * tokens from `added_tokens_decoder`, else from special_tokens_map.json, added_tokens.json and tokenizer.json.
 *
 * @throws FailureError `unsupported-model` that names what cannot be read
 */
export function readSettings(files: SettingsFiles): TokenizerSettings {
  const values = entries(files.tokenizerConfig, 'tokenizer_config.json')
  const fileTokens = parsed(fileTokensSchema, files.fileTokens, 'tokenizer.json') ?? []
  if (!Array.isArray(values.extra_special_tokens) || values.extra_special_tokens.length === 0) {
    if (values.additional_special_tokens) values.extra_special_tokens = values.additional_special_tokens
  }
  delete values.additional_special_tokens
  let additional: unknown = null
  const added = new Map<number, AddedTokenJson>()
  if (values.added_tokens_decoder) {
    const tokens = parsed(decoderSchema, values.added_tokens_decoder, 'added_tokens_decoder')
    for (const [key, value] of Object.entries(tokens)) added.set(Number(key), readToken(value, false))
  } else {
    const map = entries(files.specialTokens, 'special_tokens_map.json')
    for (const [key, value] of Object.entries(map)) {
      if (key === 'additional_special_tokens') additional = value
      else values[key] = v.is(tokenObject, value) ? { ...value, special: true } : value
    }
    const named = new Set(
      [...SPECIAL_NAMES.map((name) => values[name]), ...listOf(values.extra_special_tokens)].flatMap(
        (value) => (v.is(token, value) ? contentOfJson(value) : []),
      ),
    )
    const ids =
      files.addedTokens === null || files.addedTokens === undefined
        ? {}
        : parsed(addedTokensSchema, files.addedTokens, 'added_tokens.json')
    for (const [content, at] of Object.entries(ids)) added.set(at, addedToken(content, named.has(content)))
    for (const { id: at, ...rest } of fileTokens) added.set(at, readToken(rest, false))
  }
  delete values.added_tokens_decoder
  const byContent = new Map([...added.values()].map((value) => [value.content, value]))

  const special: Partial<Record<SpecialName, SpecialToken | null>> = {}
  const ownSpecial: SpecialToken[] = []
  for (const [name, value] of Object.entries(values)) {
    if (!name.endsWith('_token') || typeof value === 'boolean') continue
    delete values[name]
    if (value === undefined) continue
    if (value === null) {
      if (isSpecialName(name)) special[name] = null
      continue
    }
    const json = parsed(token, value, `tokenizer_config.json has a ${name} that`)
    const found = isSpecialName(name) ? byContent.get(contentOfJson(json)) : undefined
    const read = found ?? (typeof json === 'string' ? json : readToken(json, false))
    if (isSpecialName(name)) special[name] = read
    else ownSpecial.push(read)
  }
  const extra = values.extra_special_tokens
  delete values.extra_special_tokens
  const extraJson = extra ? parsed(extraSchema, extra, 'extra_special_tokens') : null
  const readExtra = (json: TokenJson) => (typeof json === 'string' ? json : readToken(json, false))
  if (extraJson && !Array.isArray(extraJson)) ownSpecial.push(...Object.values(extraJson).map(readExtra))
  return {
    values,
    special,
    ownSpecial,
    extraSpecial: Array.isArray(extraJson) ? extraJson.map(readExtra) : null,
    additionalSpecial: additional
      ? parsed(v.array(token), additional, 'additional_special_tokens').map(readExtra)
      : null,
    added: [...added].sort(([a], [b]) => a - b).map(([, value]) => value),
  }
}

const contentOfJson = (json: TokenJson) => (typeof json === 'string' ? json : json.content)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

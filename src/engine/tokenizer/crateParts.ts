import { fail } from '../../core/failure'
import { onigurumaPattern } from './onigurumaPattern'

/** Lists the fields that Rust's `tokenizers` 0.23 reads, by part of tokenizer.json and by type; it passes over others in silence. */
const FIELDS = {
  normalizer: {
    BertNormalizer: ['clean_text', 'handle_chinese_chars', 'strip_accents', 'lowercase'],
    ByteLevel: [],
    Lowercase: [],
    NFC: [],
    NFD: [],
    NFKC: [],
    NFKD: [],
    Nmt: [],
    Precompiled: ['precompiled_charsmap'],
    Prepend: ['prepend'],
    Replace: ['pattern', 'content'],
    Sequence: ['normalizers'],
    Strip: ['strip_left', 'strip_right'],
    StripAccents: [],
  },
  pre_tokenizer: {
    BertPreTokenizer: [],
    ByteLevel: ['add_prefix_space', 'trim_offsets', 'use_regex'],
    CharDelimiterSplit: ['delimiter'],
    Digits: ['individual_digits'],
    FixedLength: ['length'],
    // str_rep is what older files have beside replacement.
    Metaspace: ['replacement', 'prepend_scheme', 'split', 'add_prefix_space', 'str_rep'],
    Punctuation: ['behavior'],
    Sequence: ['pretokenizers'],
    Split: ['pattern', 'behavior', 'invert'],
    UnicodeScripts: [],
    Whitespace: [],
    WhitespaceSplit: [],
  },
  post_processor: {
    BertProcessing: ['sep', 'cls'],
    ByteLevel: ['add_prefix_space', 'trim_offsets', 'use_regex'],
    RobertaProcessing: ['sep', 'cls', 'trim_offsets', 'add_prefix_space'],
    Sequence: ['processors'],
    TemplateProcessing: ['single', 'pair', 'special_tokens'],
  },
  model: {
    BPE: [
      'dropout',
      'unk_token',
      'continuing_subword_prefix',
      'end_of_word_suffix',
      'fuse_unk',
      'byte_fallback',
      'ignore_merges',
      'vocab',
      'merges',
    ],
    Unigram: ['unk_id', 'vocab', 'byte_fallback'],
    WordLevel: ['unk_token', 'vocab'],
    WordPiece: ['unk_token', 'continuing_subword_prefix', 'max_input_chars_per_word', 'vocab'],
  },
} satisfies Record<string, Record<string, string[]>>

type PartName = keyof typeof FIELDS

const WHOLE = ['version', 'truncation', 'padding', 'added_tokens', 'decoder', ...Object.keys(FIELDS)]

/** Names the field of a `Sequence` that holds its parts. */
const MEMBERS: Readonly<Partial<Record<PartName, string>>> = {
  normalizer: 'normalizers',
  pre_tokenizer: 'pretokenizers',
  post_processor: 'processors',
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @throws FailureError `unsupported-model` with the name of a field that says something and is not read */
function refuseOthers(object: Fields, known: readonly string[], where: string): void {
  for (const [name, value] of Object.entries(object)) {
    if (known.includes(name) || value === null) continue
    fail('unsupported-model', `tokenizer.json sets ${where}.${name}, which is not read.`)
  }
}

/** Finds the type of a part. Files before 2021 do not name the model's; the crate goes by what the model holds. */
function typeOf(part: Fields, name: PartName): unknown {
  if (part.type !== undefined || name !== 'model') return part.type
  if (Array.isArray(part.vocab)) return 'Unigram'
  return part.merges === undefined ? 'WordPiece' : 'BPE'
}

function readPart(part: unknown, name: PartName, where: string): unknown {
  if (part === null || part === undefined) return null
  if (!isObject(part))
    return fail('unsupported-model', `tokenizer.json is not a tokenizer: ${where} is wrong.`)
  const type = typeOf(part, name)
  const byType: Readonly<Record<string, readonly string[]>> = FIELDS[name]
  if (typeof type !== 'string' || !Object.hasOwn(byType, type)) {
    return fail(
      'unsupported-model',
      `tokenizer.json has a ${where} of the type ${JSON.stringify(type) ?? 'that it does not name'}, which is not read.`,
    )
  }
  refuseOthers(part, [...byType[type], 'type'], where)
  const members = type === 'Sequence' ? MEMBERS[name] : undefined
  const parts = members === undefined ? null : part[members]
  if (members !== undefined && Array.isArray(parts)) {
    return {
      ...part,
      [members]: parts.map((member, index) => readPart(member, name, `${where}.${members}.${index}`)),
    }
  }
  const { pattern } = part
  return isObject(pattern) && typeof pattern.Regex === 'string'
    ? { ...part, pattern: { Regex: onigurumaPattern(pattern.Regex) } }
    : part
}

/** @throws FailureError `unsupported-model` with the name of a field of tokenizer.json that no part of it is */
export const refuseOtherParts = (file: Fields): void => refuseOthers(file, WHOLE, 'the tokenizer')

/**
 * Looks at every part that decides about ids, and writes its patterns for the crate's engine.
 *
 * @param json tokenizer.json, with everything in it that is laid over it
 * @throws FailureError `unsupported-model` with the name of a type or a field that the crate does not read
 */
export function readParts<Json extends Fields>(json: Json): Json {
  const names = Object.keys(FIELDS) as PartName[]
  return { ...json, ...Object.fromEntries(names.map((name) => [name, readPart(json[name], name, name)])) }
}

import { fail } from '../../core/failure'
import { addedToken, contentOf, type SpecialName, type SpecialToken } from './tokenizerSettings'

/** Holds a part of tokenizer.json: plain data with a `type`. */
export type Part = Readonly<Record<string, unknown>>

/** Holds what a class builds its tokenizer from, read from tokenizer.json, vocab.txt or a SentencePiece file. */
export interface Vocabulary {
  /** Ids by piece (WordPiece, BPE), or pieces with their scores by id (Unigram). */
  readonly pieces: Readonly<Record<string, number>> | readonly (readonly [string, number])[]
  /** Merges as tokenizer.json writes them: `"a b"` or `["a", "b"]`. */
  readonly merges: readonly unknown[]
  /** SentencePiece's table of characters (base64); null where there is none. */
  readonly charsmap: string | null
}

/** Gives the settings that a class reads, and its special tokens with the class's defaults. */
export interface ClassSettings {
  flag(name: string, otherwise: boolean): boolean
  /** Returns a setting; null where it is stated as null or not at all. */
  optionalFlag(name: string): boolean | null
  count(name: string, otherwise: number): number
  readonly special: Readonly<Record<SpecialName, SpecialToken | null>>
}

export interface BuiltParts {
  readonly model: Part
  readonly normalizer: Part | null
  readonly pre_tokenizer: Part | null
  readonly decoder: Part | null
}

/** Describes how a class of transformers builds its tokenizer; `source` is the file under transformers/models. */
export interface TokenizerClass {
  readonly model: 'WordPiece' | 'BPE' | 'Unigram'
  /** Files that a folder without tokenizer.json has, in the order in which they are looked for. */
  readonly files: readonly string[]
  /** Defaults of the class's special tokens; null for none. */
  readonly special: Readonly<Partial<Record<SpecialName, SpecialToken>>>
  build(vocabulary: Vocabulary, settings: ClassSettings): BuiltParts
  /** Returns the post-processor that the class sets, whatever the file says; absent or null where the file's holds. */
  process?(settings: ClassSettings, idOf: (content: string) => number, ofFile: boolean): Part | null
  /** Returns the post-processor that is set where tokenizer.json has none. */
  processSlow?(settings: ClassSettings, idOf: (content: string) => number): Part
  /** Returns the tokens that the class adds where none are stated. */
  additional?(settings: ClassSettings, stated: readonly SpecialToken[] | null): readonly SpecialToken[]
  /** Returns the pieces of a SentencePiece file as this class numbers them. */
  fromSentencePiece?(
    pieces: readonly (readonly [string, number])[],
    settings: ClassSettings,
  ): readonly (readonly [string, number])[]
  /** true if all special tokens are added once more as such. */
  readonly addsSpecial?: boolean
}

const SPACE = '\u2581'

const nameOf = (token: SpecialToken | null, name: SpecialName) =>
  token === null ? fail('unsupported-model', `The tokenizer has no ${name}.`) : contentOf(token)

const sequence = (type: 'normalizers' | 'pretokenizers' | 'decoders', parts: readonly Part[]): Part => ({
  type: 'Sequence',
  [type]: parts,
})
const replace = (pattern: string, content: string): Part => ({
  type: 'Replace',
  pattern: { String: pattern },
  content,
})
const replaceAll = (pattern: string, content: string): Part => ({
  type: 'Replace',
  pattern: { Regex: pattern },
  content,
})
const strip = (left: boolean, right: boolean): Part => ({
  type: 'Strip',
  strip_left: left,
  strip_right: right,
})
const byteLevel = (addPrefixSpace: boolean, trimOffsets = true, useRegex = true): Part => ({
  type: 'ByteLevel',
  add_prefix_space: addPrefixSpace,
  trim_offsets: trimOffsets,
  use_regex: useRegex,
})
const metaspace = (scheme: 'always' | 'first' | 'never', split = true): Part => ({
  type: 'Metaspace',
  replacement: SPACE,
  prepend_scheme: scheme,
  split,
})
const whitespaceMetaspace = (scheme: 'always' | 'never') =>
  sequence('pretokenizers', [{ type: 'WhitespaceSplit' }, metaspace(scheme)])
const precompiled = (charsmap: string): Part => ({ type: 'Precompiled', precompiled_charsmap: charsmap })

interface TemplateToken {
  readonly token: string
  readonly typeId?: number
}
type TemplatePiece = TemplateToken | { readonly sequence: 'A' | 'B'; readonly typeId?: number }

/** Writes a `TemplateProcessing`: tokens and sequences in their order. */
export function template(
  single: readonly TemplatePiece[],
  pair: readonly TemplatePiece[],
  idOf: (content: string) => number,
): Part {
  const piece = (part: TemplatePiece) =>
    'token' in part
      ? { SpecialToken: { id: part.token, type_id: part.typeId ?? 0 } }
      : { Sequence: { id: part.sequence, type_id: part.typeId ?? 0 } }
  const names = [...new Set([...single, ...pair].flatMap((part) => ('token' in part ? [part.token] : [])))]
  return {
    type: 'TemplateProcessing',
    single: single.map(piece),
    pair: pair.map(piece),
    special_tokens: Object.fromEntries(
      names.map((name) => [name, { id: name, ids: [idOf(name)], tokens: [name] }]),
    ),
  }
}

const A = { sequence: 'A' } as const
const B = { sequence: 'B' } as const
const B1 = { sequence: 'B', typeId: 1 } as const

type Process = NonNullable<TokenizerClass['process']>

/** Writes BERT's template: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`, the second text with type id 1. */
const bertTemplate = (
  { special }: Pick<ClassSettings, 'special'>,
  idOf: (content: string) => number,
): Part => {
  const cls = { token: nameOf(special.cls_token, 'cls_token') }
  const sep = { token: nameOf(special.sep_token, 'sep_token') }
  return template([cls, A, sep], [cls, A, sep, B1, { ...sep, typeId: 1 }], idOf)
}

/** Writes `<s> A </s>`, `<s> A </s></s> B </s>`, all of type 0. */
const doubleTemplate =
  (first: SpecialName, last: SpecialName): Process =>
  ({ special }, idOf) => {
    const cls = { token: nameOf(special[first], first) }
    const sep = { token: nameOf(special[last], last) }
    return template([cls, A, sep], [cls, A, sep, sep, B, sep], idOf)
  }

const robertaProcessing =
  (trimOffsets?: boolean, addPrefixSpace?: boolean): Process =>
  ({ special, flag }, idOf) => {
    const sep = nameOf(special.sep_token, 'sep_token')
    const cls = nameOf(special.cls_token, 'cls_token')
    return {
      type: 'RobertaProcessing',
      sep: [sep, idOf(sep)],
      cls: [cls, idOf(cls)],
      trim_offsets: trimOffsets ?? flag('trim_offsets', true),
      add_prefix_space: addPrefixSpace ?? flag('add_prefix_space', false),
    }
  }

function idsByPiece({ pieces }: Vocabulary): Readonly<Record<string, number>> {
  if (!isScored(pieces)) return pieces
  return Object.fromEntries(pieces.map(([piece], id) => [piece, id]))
}

const isScored = (pieces: Vocabulary['pieces']): pieces is readonly (readonly [string, number])[] =>
  Array.isArray(pieces)

function scores({ pieces }: Vocabulary): readonly (readonly [string, number])[] {
  return isScored(pieces)
    ? pieces
    : fail(
        'unsupported-model',
        'tokenizer_class wants a vocabulary with scores, which tokenizer.json has not.',
      )
}

const wordPiece = (vocabulary: Vocabulary, { special }: ClassSettings): Part => ({
  type: 'WordPiece',
  unk_token: nameOf(special.unk_token, 'unk_token'),
  continuing_subword_prefix: '##',
  max_input_chars_per_word: 100,
  vocab: idsByPiece(vocabulary),
})

const bpe = (vocabulary: Vocabulary, more: Part = {}): Part => ({
  type: 'BPE',
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: '',
  end_of_word_suffix: '',
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
  ...more,
  vocab: idsByPiece(vocabulary),
  merges: vocabulary.merges,
})

const unigram = (vocabulary: Vocabulary, unkId: number): Part => ({
  type: 'Unigram',
  unk_id: unkId,
  vocab: scores(vocabulary),
  byte_fallback: false,
})

const bertParts: TokenizerClass['build'] = (vocabulary, settings) => ({
  model: wordPiece(vocabulary, settings),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: settings.flag('clean_text', true),
    handle_chinese_chars: settings.flag('tokenize_chinese_chars', true),
    strip_accents: settings.optionalFlag('strip_accents'),
    lowercase: settings.flag('do_lower_case', true),
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
})

const byteLevelParts =
  (normalizer: Part | null = null): TokenizerClass['build'] =>
  (vocabulary, { flag }) => ({
    model: bpe(vocabulary),
    normalizer,
    pre_tokenizer: byteLevel(flag('add_prefix_space', false)),
    decoder: byteLevel(true),
  })

const metaspaceParts = (model: Part, normalizer: Part | null, { flag }: ClassSettings): BuiltParts => {
  const scheme = flag('add_prefix_space', true) ? 'always' : 'never'
  return { model, normalizer, pre_tokenizer: whitespaceMetaspace(scheme), decoder: metaspace(scheme) }
}

const ifAny = (charsmap: string | null) => (charsmap === null ? null : precompiled(charsmap))

/** Writes ALBERT's and RemBERT's normaliser, before and after the accents. */
const albertNormalizer = (
  { charsmap }: Vocabulary,
  { flag }: ClassSettings,
  more: readonly Part[],
  defaults: { readonly lower: boolean; readonly keepAccents: boolean },
) =>
  sequence('normalizers', [
    replace('``', '"'),
    replace("''", '"'),
    ...more,
    ...(flag('keep_accents', defaults.keepAccents) ? [] : [{ type: 'NFKD' }, { type: 'StripAccents' }]),
    ...(flag('do_lower_case', defaults.lower) ? [{ type: 'Lowercase' }] : []),
    ...(charsmap === null ? [] : [precompiled(charsmap)]),
  ])

const byteFallbackDecoder = (strips: boolean) =>
  sequence('decoders', [
    replace(SPACE, ' '),
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    ...(strips ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
  ])

const unknownIndex = (vocabulary: Vocabulary, unknown: SpecialToken | null, otherwise: number) => {
  const name = unknown && contentOf(unknown)
  const index = scores(vocabulary).findIndex(([piece, score]) => piece === name && score === 0)
  return index < 0 ? otherwise : index
}

/** models/qwen2/tokenization_qwen2.py, PRETOKENIZE_REGEX */
const QWEN2_WORDS =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

const BERT_SPECIAL = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
}
const ROBERTA_SPECIAL = {
  bos_token: '<s>',
  eos_token: '</s>',
  unk_token: '<unk>',
  sep_token: '</s>',
  pad_token: '<pad>',
  cls_token: '<s>',
  mask_token: '<mask>',
}
const ALBERT_SPECIAL = {
  bos_token: '[CLS]',
  eos_token: '[SEP]',
  unk_token: '<unk>',
  sep_token: '[SEP]',
  pad_token: '<pad>',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
}
const END_OF_TEXT = '<|endoftext|>'
/** Returns a mask that includes the space before it. */
const stripping = (content: string, special: boolean) => ({ ...addedToken(content, special), lstrip: true })

const bert: TokenizerClass = {
  model: 'WordPiece',
  files: ['vocab.txt'],
  special: BERT_SPECIAL,
  build: bertParts,
  process: bertTemplate,
}
const gpt2: TokenizerClass = {
  model: 'BPE',
  files: ['vocab.json', 'merges.txt'],
  special: { unk_token: END_OF_TEXT, bos_token: END_OF_TEXT, eos_token: END_OF_TEXT },
  build: byteLevelParts(),
}
const xlmRoberta: TokenizerClass = {
  model: 'Unigram',
  files: ['sentencepiece.bpe.model'],
  special: ROBERTA_SPECIAL,
  build: (vocabulary, settings) =>
    metaspaceParts(unigram(vocabulary, 3), ifAny(vocabulary.charsmap), settings),
  process: doubleTemplate('bos_token', 'eos_token'),
  fromSentencePiece: (pieces, { special }) => [
    [nameOf(special.bos_token, 'bos_token'), 0],
    [nameOf(special.pad_token, 'pad_token'), 0],
    [nameOf(special.eos_token, 'eos_token'), 0],
    [nameOf(special.unk_token, 'unk_token'), 0],
    ...pieces.slice(3),
    [nameOf(special.mask_token, 'mask_token'), 0],
  ],
}

/**
 * Builders of the tokenizers of transformers 5.23, one a class, each after its file in transformers/models: a class
 * makes its normaliser, pre-tokenizer and decoder anew from its settings and takes from tokenizer.json only the
 * vocabulary, the added tokens and, where it sets none, the post-processor.
 */
export const CLASS_TABLE: Readonly<Record<string, TokenizerClass | undefined>> = {
  BertTokenizer: bert,
  DistilBertTokenizer: bert,
  DPRQuestionEncoderTokenizer: bert,
  DPRContextEncoderTokenizer: bert,
  FunnelTokenizer: {
    ...bert,
    special: {
      unk_token: '<unk>',
      sep_token: '<sep>',
      pad_token: '<pad>',
      cls_token: '<cls>',
      mask_token: '<mask>',
      bos_token: '<s>',
      eos_token: '</s>',
    },
    process: ({ special }, idOf) => {
      const cls = { token: nameOf(special.cls_token, 'cls_token'), typeId: 2 }
      const sep = { token: nameOf(special.sep_token, 'sep_token') }
      return template([cls, A, sep], [cls, A, sep, B1, { ...sep, typeId: 1 }], idOf)
    },
  },
  MPNetTokenizer: {
    ...bert,
    special: {
      ...ROBERTA_SPECIAL,
      unk_token: '[UNK]',
      mask_token: stripping('<mask>', true),
    },
    process: robertaProcessing(true, false),
  },
  RobertaTokenizer: {
    model: 'BPE',
    files: ['vocab.json', 'merges.txt'],
    special: ROBERTA_SPECIAL,
    build: byteLevelParts(),
    process: robertaProcessing(),
  },
  GPT2Tokenizer: gpt2,
  CodeGenTokenizer: {
    ...gpt2,
    processSlow: () => byteLevel(true, false, true),
  },
  GPTNeoXTokenizer: {
    ...gpt2,
    special: { ...gpt2.special, pad_token: '<|padding|>' },
    build: byteLevelParts({ type: 'NFC' }),
    process: ({ special, flag }, idOf) => templateOfEnds(special, flag, idOf),
  },
  DebertaTokenizer: {
    model: 'BPE',
    files: ['vocab.json', 'merges.txt'],
    special: { ...BERT_SPECIAL, bos_token: '[CLS]', eos_token: '[SEP]' },
    build: byteLevelParts(),
    process: doubleTemplate('cls_token', 'sep_token'),
  },
  Qwen2Tokenizer: {
    model: 'BPE',
    files: ['vocab.json', 'merges.txt'],
    special: { unk_token: END_OF_TEXT, eos_token: END_OF_TEXT, pad_token: END_OF_TEXT },
    build: (vocabulary, { flag }) => ({
      model: bpe(vocabulary),
      normalizer: { type: 'NFC' },
      pre_tokenizer: sequence('pretokenizers', [
        { type: 'Split', pattern: { Regex: QWEN2_WORDS }, behavior: 'Isolated', invert: false },
        byteLevel(flag('add_prefix_space', false), true, false),
      ]),
      decoder: byteLevel(true),
    }),
    addsSpecial: true,
  },
  XLMRobertaTokenizer: xlmRoberta,
  CamembertTokenizer: {
    ...xlmRoberta,
    special: { ...ROBERTA_SPECIAL, mask_token: stripping('<mask>', true) },
    build: (vocabulary, settings) => {
      const unknown = nameOf(settings.special.unk_token, 'unk_token')
      const index = scores(vocabulary).findIndex(([piece]) => piece === unknown)
      return metaspaceParts(unigram(vocabulary, Math.max(0, index)), ifAny(vocabulary.charsmap), settings)
    },
    additional: (_, stated) => stated ?? ['<s>NOTUSED', '</s>NOTUSED', '<unk>NOTUSED'],
    fromSentencePiece: (pieces, { special }) => [
      ['<s>NOTUSED', 0],
      [nameOf(special.pad_token, 'pad_token'), 0],
      ['</s>NOTUSED', 0],
      [nameOf(special.unk_token, 'unk_token'), 0],
      ['<unk>NOTUSED', -100],
      ...pieces.slice(1),
      [nameOf(special.mask_token, 'mask_token'), 0],
    ],
  },
  AlbertTokenizer: {
    model: 'Unigram',
    files: ['spiece.model'],
    special: ALBERT_SPECIAL,
    build: (vocabulary, settings) =>
      metaspaceParts(
        unigram(vocabulary, 1),
        albertNormalizer(vocabulary, settings, [], { lower: true, keepAccents: false }),
        settings,
      ),
    processSlow: bertTemplate,
  },
  RemBertTokenizer: {
    model: 'Unigram',
    files: ['sentencepiece.model'],
    special: ALBERT_SPECIAL,
    build: (vocabulary, settings) => {
      const scheme = settings.flag('add_prefix_space', true) ? 'always' : 'never'
      return {
        model: unigram(vocabulary, 2),
        normalizer: albertNormalizer(vocabulary, settings, [replaceAll(' {2,}', ' ')], {
          lower: false,
          keepAccents: true,
        }),
        pre_tokenizer: metaspace(scheme),
        decoder: metaspace(scheme),
      }
    },
    // Its template comes last, and only over one of the file's.
    process: (settings, idOf, ofFile) => (ofFile ? bertTemplate(settings, idOf) : null),
  },
  BigBirdTokenizer: {
    model: 'Unigram',
    files: ['spiece.model'],
    special: {
      unk_token: '<unk>',
      bos_token: '<s>',
      eos_token: '</s>',
      pad_token: '<pad>',
      sep_token: '[SEP]',
      mask_token: stripping('[MASK]', true),
      cls_token: '[CLS]',
    },
    build: (vocabulary, settings) => {
      const scheme = settings.flag('add_prefix_space', true) ? 'always' : 'never'
      return {
        model: unigram(vocabulary, unknownIndex(vocabulary, settings.special.unk_token, 100)),
        normalizer: sequence('normalizers', [strip(false, false), replaceAll(' {2,}', SPACE)]),
        pre_tokenizer: metaspace(scheme),
        decoder: metaspace(scheme),
      }
    },
    process: bertTemplate,
  },
  DebertaV2Tokenizer: {
    model: 'Unigram',
    files: ['spm.model'],
    special: { ...BERT_SPECIAL, bos_token: '[CLS]', eos_token: '[SEP]' },
    build: (vocabulary, settings) => {
      const { flag, count, special } = settings
      const scheme = flag('add_prefix_space', true) ? 'always' : 'first'
      return {
        model: unigram(vocabulary, unknownIndex(vocabulary, special.unk_token, count('unk_id', 1))),
        normalizer: sequence('normalizers', [
          ...(flag('do_lower_case', false) ? [{ type: 'Lowercase' }] : []),
          replaceAll('\\s{2,}|[\\n\\r\\t]', ' '),
          { type: 'NFC' },
          strip(false, true),
        ]),
        pre_tokenizer: sequence('pretokenizers', [
          ...(flag('split_by_punct', false) ? [{ type: 'Punctuation', behavior: 'Isolated' }] : []),
          metaspace(scheme),
        ]),
        decoder: metaspace(scheme),
      }
    },
    process: bertTemplate,
  },
  T5Tokenizer: {
    model: 'Unigram',
    files: ['spiece.model'],
    special: { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' },
    build: (vocabulary) => ({
      model: unigram(vocabulary, 2),
      normalizer: ifAny(vocabulary.charsmap),
      pre_tokenizer: whitespaceMetaspace('always'),
      decoder: metaspace('always'),
    }),
    process: ({ special }, idOf) => {
      const end = { token: '</s>' }
      const eos = nameOf(special.eos_token, 'eos_token')
      return template([A, end], [A, end, B, end], () => idOf(eos))
    },
    additional: ({ count }, stated) => {
      const own = Array.from({ length: count('extra_ids', 100) }, (_, i) => `<extra_id_${i}>`)
      if (stated === null) return own
      return stated.some((token) => contentOf(token).includes('<extra_id_')) ? stated : [...stated, ...own]
    },
    fromSentencePiece: (pieces, { count }) => {
      const extra = count('extra_ids', 100)
      return [
        ...pieces,
        ...Array.from({ length: extra }, (_, i) => [`<extra_id_${extra - 1 - i}>`, 0] as const),
      ]
    },
  },
  LlamaTokenizer: {
    model: 'BPE',
    files: ['tokenizer.model'],
    special: { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
    build: (vocabulary, { flag }) => {
      const prefix = flag('add_prefix_space', true)
      const scheme = prefix ? (flag('legacy', false) ? 'always' : 'first') : 'never'
      return {
        model: bpe(vocabulary, {
          continuing_subword_prefix: null,
          end_of_word_suffix: null,
          fuse_unk: true,
          byte_fallback: true,
        }),
        normalizer: null,
        pre_tokenizer: metaspace(scheme, false),
        decoder: byteFallbackDecoder(prefix),
      }
    },
  },
  GemmaTokenizer: {
    model: 'BPE',
    files: ['tokenizer.model'],
    special: {
      unk_token: '<unk>',
      bos_token: '<bos>',
      eos_token: '<eos>',
      pad_token: '<pad>',
      mask_token: '<mask>',
    },
    build: (vocabulary, { special }) => ({
      model: bpe(vocabulary, {
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        unk_token: nameOf(special.unk_token, 'unk_token'),
        fuse_unk: true,
        byte_fallback: true,
      }),
      normalizer: replace(' ', SPACE),
      pre_tokenizer: {
        type: 'Split',
        pattern: { String: ' ' },
        behavior: 'MergedWithPrevious',
        invert: false,
      },
      decoder: byteFallbackDecoder(false),
    }),
  },
}

/**
 * Follows `update_post_processor` of TokenizersBackend: returns the end tokens that `add_bos_token` and `add_eos_token`
 * ask for.
 */
export function templateOfEnds(
  special: ClassSettings['special'],
  flag: ClassSettings['flag'],
  idOf: (content: string) => number,
): Part {
  const end = (name: 'bos_token' | 'eos_token', wanted: boolean, typeId: number) => {
    const token = special[name]
    return wanted && token !== null ? [{ token: contentOf(token), typeId }] : []
  }
  const [bos, eos] = [flag('add_bos_token', false), flag('add_eos_token', false)]
  const around = (sequence: TemplatePiece, typeId: number) => [
    ...end('bos_token', bos, typeId),
    sequence,
    ...end('eos_token', eos, typeId),
  ]
  return template(around(A, 0), [...around(A, 0), ...around(B1, 1)], idOf)
}

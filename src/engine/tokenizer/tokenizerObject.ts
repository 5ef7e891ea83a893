import * as v from 'valibot'
import { fail } from '../../core/failure'
import {
  CLASS_TABLE,
  type ClassSettings,
  type Part,
  type TokenizerClass,
  templateOfEnds,
  type Vocabulary,
} from './classTable'
import { readParts, refuseOtherParts } from './crateParts'
import { readSlowVocabulary, type SlowVocabulary, type VocabularyFiles } from './slowVocabulary'
import { BACKEND, tokenizerClassOf } from './tokenizerClass'
import {
  type AddedTokenJson,
  addedToken,
  contentOf,
  readSettings,
  readToken,
  SPECIAL_NAMES,
  type SpecialName,
  type SpecialToken,
  type TokenizerSettings,
  tokenObject,
} from './tokenizerSettings'

/** Holds what a folder says of its tokenizer, not yet parsed. */
export interface TokenizerSource {
  /** `tokenizer.json`; null where the folder has none. */
  readonly tokenizer: unknown
  /** `tokenizer_config.json` */
  readonly tokenizerConfig?: unknown
  /** `config.json` of the model, which decides where no class is named. */
  readonly config?: unknown
  /** `special_tokens_map.json` */
  readonly specialTokens?: unknown
  /** `added_tokens.json` */
  readonly addedTokens?: unknown
  /** The files of a slow tokenizer. */
  readonly vocabularyFiles?: VocabularyFiles
}

/** Holds tokenizer.json with all that transformers changes in it. */
export interface TokenizerObject {
  readonly json: object
  /** Content by name; null where there is none. */
  readonly special: Readonly<Record<SpecialName, string | null>>
  /** true if a text that spells a special token is cut like any other. */
  readonly splitSpecialTokens: boolean
  /** End of a text that is cut where it is too long. */
  readonly truncationSide: Side
}

const SIDES = ['right', 'left'] as const
type Side = (typeof SIDES)[number]

/** Most rows; no model has more, and memory grows with the largest id. */
const MAX_VOCABULARY = 2 ** 22

const isTokenId = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_VOCABULARY

/**
 * Checks ids by piece, or pieces with their scores (Unigram), by hand: a record schema would drop words like
 * `constructor`.
 */
const isVocabulary = (value: unknown) =>
  Array.isArray(value)
    ? value.length < MAX_VOCABULARY
    : typeof value === 'object' && value !== null && Object.values(value).every(isTokenId)

const part = v.nullish(v.looseObject({}))
const fileSchema = v.looseObject({
  model: v.looseObject({
    vocab: v.custom<Vocabulary['pieces']>(isVocabulary),
    merges: v.nullish(v.array(v.unknown())),
    dropout: v.nullish(v.number()),
  }),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: part,
  decoder: part,
  truncation: v.nullish(v.looseObject({ direction: v.nullish(v.string()) })),
  added_tokens: v.nullish(
    v.array(v.looseObject({ ...tokenObject.entries, id: v.custom<number>(isTokenId) })),
  ),
})
type TokenizerFile = v.InferOutput<typeof fileSchema>

function readFile(json: unknown): TokenizerFile {
  const parsed = v.safeParse(fileSchema, json)
  if (parsed.success) return parsed.output
  const field = v.getDotPath(parsed.issues[0])
  return fail('unsupported-model', `tokenizer.json is not a tokenizer${field ? `: ${field} is wrong` : ''}.`)
}

function charsmapOf({ normalizer }: TokenizerFile): string | null {
  const parts: unknown[] = Array.isArray(normalizer?.normalizers) ? normalizer.normalizers : [normalizer]
  for (const one of parts) {
    if (v.is(v.looseObject({ type: v.literal('Precompiled'), precompiled_charsmap: v.string() }), one)) {
      return one.precompiled_charsmap
    }
  }
  return null
}

const hasByteLevel = (file: TokenizerFile | null) =>
  file !== null &&
  /"ByteLevel"/.test(JSON.stringify([file.normalizer, file.pre_tokenizer, file.post_processor, file.decoder]))

/** Returns the settings of a class over its defaults. */
function classSettings(settings: TokenizerSettings, defaults: TokenizerClass['special']): ClassSettings {
  const { values } = settings
  const special = Object.fromEntries(
    SPECIAL_NAMES.map((name) => {
      const stated = settings.special[name]
      return [name, stated === undefined ? (defaults[name] ?? null) : stated]
    }),
  ) as Record<SpecialName, SpecialToken | null>
  const wrong = (name: string) =>
    fail(
      'unsupported-model',
      `tokenizer_config.json cannot be used: ${name} is ${JSON.stringify(values[name])}.`,
    )
  const optionalFlag = (name: string) => {
    const value = values[name] ?? null
    return value === null || typeof value === 'boolean' ? value : wrong(name)
  }
  return {
    special,
    optionalFlag,
    flag: (name, otherwise) => optionalFlag(name) ?? otherwise,
    count: (name, otherwise) => {
      const value = values[name] ?? otherwise
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_VOCABULARY
        ? value
        : wrong(name)
    },
  }
}

/** Reads a side from tokenizer_config.json, else from what tokenizer.json says, else the right one. */
function sideOf({ values }: TokenizerSettings, name: string, ofFile?: string | null): Side {
  const stated = values[name] ?? ofFile?.toLowerCase() ?? 'right'
  return (
    SIDES.find((side) => side === stated) ??
    fail(
      'unsupported-model',
      `The tokenizer cannot be used: ${name} is ${JSON.stringify(stated)}, neither "right" nor "left".`,
    )
  )
}

/** Numbers added tokens as the crate does: those of the vocabulary keep their ids, the others follow it. */
function idsOf(pieces: Vocabulary['pieces'], added: readonly AddedTokenJson[]): (content: string) => number {
  const ids = new Map(
    Array.isArray(pieces)
      ? pieces.map(([piece], id): [string, number] => [piece, id])
      : Object.entries(pieces as Record<string, number>),
  )
  let next = ids.size
  for (const { content } of added) if (content !== '' && !ids.has(content)) ids.set(content, next++)
  return (content) =>
    ids.get(content) ?? fail('unsupported-model', `The tokenizer has no token ${JSON.stringify(content)}.`)
}

/** Returns the added tokens in the order in which transformers adds them; of equal ones the last counts. */
function tokensToAdd(
  settings: TokenizerSettings,
  { special }: ClassSettings,
  extra: readonly SpecialToken[],
  fromFile: readonly AddedTokenJson[],
  kind: TokenizerClass | null,
): AddedTokenJson[] {
  const named = [...SPECIAL_NAMES.flatMap((name) => special[name] ?? []), ...settings.ownSpecial]
  const names = new Set(named.map(contentOf))
  const asSpecial = (token: SpecialToken): AddedTokenJson =>
    typeof token === 'string'
      ? addedToken(token, true)
      : { ...token, special: token.special || names.has(token.content) }
  const added: AddedTokenJson[] = [...fromFile, ...settings.added.map(asSpecial)]
  const known = new Set(added.map(({ content }) => content))
  for (const token of [...named, ...extra]) {
    const content = contentOf(token)
    if (known.has(content)) continue
    known.add(content)
    added.push(asSpecial(token))
  }
  if (kind?.addsSpecial) added.push(...[...names].map((content) => addedToken(content, true)))
  return added
}

const BACKEND_SPECIAL = { bos_token: '<s>', eos_token: '</s>' }

/** Follows `build_tokenizer_from_spm_proto` for files that no class of transformers describes. */
function plainSentencePiece({ pieces, merges, charsmap, sentencePiece }: SlowVocabulary) {
  const byteFallback = sentencePiece?.byteFallback ?? false
  const mark = { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' }
  return {
    model: Array.isArray(pieces)
      ? { type: 'Unigram', unk_id: sentencePiece?.unkId ?? 0, vocab: pieces, byte_fallback: byteFallback }
      : {
          type: 'BPE',
          vocab: pieces,
          merges,
          unk_token: sentencePiece?.unkPiece ?? null,
          fuse_unk: true,
          byte_fallback: byteFallback,
          dropout: null,
        },
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(charsmap === null ? [] : [{ type: 'Precompiled', precompiled_charsmap: charsmap }]),
        { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [mark, ...(byteFallback ? [{ type: 'ByteFallback' }, { type: 'Fuse' }] : [])],
    },
  }
}

/** Returns the counts that a class reads; a SentencePiece file says itself which of its pieces is the unknown one. */
const countOf =
  ({ sentencePiece }: SlowVocabulary, { count }: ClassSettings): ClassSettings['count'] =>
  (name, otherwise) =>
    name === 'unk_id' && sentencePiece ? sentencePiece.unkId : count(name, otherwise)

/** Returns the special tokens that a SentencePiece file names, for a folder that names none. */
function sentencePieceSpecial({ sentencePiece: file }: SlowVocabulary): TokenizerClass['special'] {
  if (!file) return {}
  return {
    ...(file.bosId >= 0 && { bos_token: file.bosPiece || '<s>' }),
    ...(file.eosId >= 0 && { eos_token: file.eosPiece || '</s>' }),
    ...(file.unkId >= 0 && { unk_token: file.unkPiece || '<unk>' }),
  }
}

/**
 * Writes everything that transformers lays over tokenizer.json into one object of the same form, or makes that object from
 * the files of a slow tokenizer (transformers 5.23, `tokenization_utils_tokenizers.py`).
 *
 * @throws FailureError `unsupported-model`, `missing-file` or `damaged-file` that names the setting or the file
 */
export function tokenizerObject(source: TokenizerSource): TokenizerObject {
  const file = source.tokenizer === null || source.tokenizer === undefined ? null : readFile(source.tokenizer)
  const name = tokenizerClassOf(source.config, source.tokenizerConfig, hasByteLevel(file))
  const kind = name === BACKEND ? null : (CLASS_TABLE[name] ?? null)
  if (name !== BACKEND && kind === null) {
    fail('unsupported-model', `tokenizer_class is ${name}, which is not read.`, {
      advice: 'Saved with transformers as a PreTrainedTokenizerFast it can be read.',
    })
  }
  const settings = readSettings({ ...source, fileTokens: file?.added_tokens ?? [] })
  if (settings.values.fix_mistral_regex === true) {
    fail('unsupported-model', 'tokenizer_config.json sets fix_mistral_regex, which is not read.')
  }
  if (file) refuseOtherParts(file)
  const truncationSide = sideOf(settings, 'truncation_side', file?.truncation?.direction)
  // No text is padded, so that it is only checked.
  sideOf(settings, 'padding_side')
  if (file?.model.dropout) {
    fail('unsupported-model', 'tokenizer.json sets dropout: it cuts texts at random.')
  }
  const stated = classSettings(settings, kind?.special ?? {})
  const slow = file ? null : readSlowVocabulary(source.vocabularyFiles ?? {}, kind, name, stated)
  const own = kind
    ? stated
    : classSettings(settings, slow ? { ...BACKEND_SPECIAL, ...sentencePieceSpecial(slow) } : {})
  const additional = settings.additionalSpecial ?? slow?.additional ?? null
  const extra =
    settings.extraSpecial ?? (kind?.additional ? kind.additional(own, additional) : additional) ?? []

  const built = slow
    ? kind
      ? kind.build(slow, { ...own, count: countOf(slow, own) })
      : plainSentencePiece(slow)
    : kind && file
      ? kind.build(
          { pieces: file.model.vocab, merges: file.model.merges ?? [], charsmap: charsmapOf(file) },
          own,
        )
      : null
  const fileTokens = built ? [] : (file?.added_tokens ?? []).map((token) => readToken(token, false))
  const added = tokensToAdd(settings, own, extra, fileTokens, kind)
  const pieces = (built?.model.vocab ?? file?.model.vocab ?? {}) as Vocabulary['pieces']
  const idOf = idsOf(pieces, added)

  const statesEnds = !file && ('add_bos_token' in settings.values || 'add_eos_token' in settings.values)
  // Beside tokenizer.json these two are not read (`_from_pretrained`).
  const endFlag: ClassSettings['flag'] = (flag, otherwise) => (file ? otherwise : own.flag(flag, otherwise))
  const ofFile = statesEnds ? null : ((file?.post_processor ?? null) as Part | null)
  const processor =
    kind?.process?.(
      { ...own, flag: kind === CLASS_TABLE.GPTNeoXTokenizer ? endFlag : own.flag },
      idOf,
      ofFile !== null,
    ) ??
    ofFile ??
    (statesEnds ? null : kind?.processSlow?.(own, idOf)) ??
    templateOfEnds(own.special, endFlag, idOf)
  return {
    json: readParts({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added.map((token) => ({ ...token, id: idOf(token.content || '') })),
      normalizer: file?.normalizer ?? null,
      pre_tokenizer: file?.pre_tokenizer ?? null,
      decoder: file?.decoder ?? null,
      // Files before 2021 do not name the model's type; the crate finds it by what the model holds.
      ...(file && { model: file.model }),
      ...built,
      post_processor: processor,
    }),
    special: Object.fromEntries(
      SPECIAL_NAMES.map((special) => [special, own.special[special] && contentOf(own.special[special])]),
    ) as TokenizerObject['special'],
    splitSpecialTokens: own.flag('split_special_tokens', false),
    truncationSide,
  }
}

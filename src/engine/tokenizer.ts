import { alignPieces } from '../core/alignment'
import type { Token, TokenizedText } from '../core/token'
import { pieceKindOf } from '../core/tokenPieces'
import { readTokenizerFile } from './tokenizerFile'
import { specialTokensOf } from './tokenizerSpecials'

/** Texts past this are tokenised in part: the model reads far less, and only the count would be learned. */
const MAX_CHARACTERS = 100_000

/** Pieces looked at beyond the model's limit. */
const BEYOND = 64

/** A model's tokenizer: text to ids and back to places in the text. */
export interface ReviewTokenizer {
  readonly vocabulary: readonly string[]
  /** Ids that are never a word of the language: [CLS], [MASK], [PAD], ... */
  readonly specialIds: ReadonlySet<number>
  /** [CLS], [SEP], [PAD], <s>, </s>: what stands around a text, never a candidate for substitution. */
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

/**
 * @param json `tokenizer.json`
 * @param configJson `tokenizer_config.json`; its `model_max_length` is not read, being anything up to 1e30
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
  const file = readTokenizerFile(json, configJson, vocabularySize)
  const { vocabulary, unknown, encode } = file
  const { prefix, suffix, specialIds, framingIds, maskId } = specialTokensOf(file)
  const pieceKind = pieceKindOf(vocabulary)
  const around = prefix.length + suffix.length
  const room = Math.max(0, maxTokens - around)
  const contentIds = (text: string) => {
    const ids: number[] = []
    for (const part of partsOf(text)) {
      for (const id of encode(part, false).ids) ids.push(id)
    }
    return ids
  }

  return {
    vocabulary,
    specialIds,
    framingIds,
    maskId,
    contentIds,
    framed: (ids) => ({
      inputIds: [...prefix, ...ids.slice(0, room), ...suffix],
      truncated: ids.length > room,
    }),
    tokenize(text) {
      const part = text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text
      const { ids, spelled } = encode(part, false)
      const kept = ids.slice(0, room)
      const cut = ids.length > kept.length
      // Beyond the cut as far as a word goes, so that a character or a word cut in two is placed by all its pieces.
      const spans = alignPieces(part, spelled.slice(0, kept.length + BEYOND), unknown, pieceKind)
      const end = spans[kept.length - 1]?.end ?? 0
      const frame = (id: number, offset: number): Token => ({
        id,
        text: vocabulary[id],
        special: true,
        start: offset,
        end: offset,
      })
      const content = kept.map(
        (id, i): Token => ({ id, text: vocabulary[id] ?? unknown, special: framingIds.has(id), ...spans[i] }),
      )
      return {
        text,
        tokens: [...prefix.map((id) => frame(id, 0)), ...content, ...suffix.map((id) => frame(id, end))],
        truncatedAt: cut ? spans[kept.length].start : part.length < text.length ? end : null,
        totalTokens: ids.length + around,
        totalIsAtLeast: part.length < text.length,
      }
    },
  }
}

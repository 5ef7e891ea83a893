import { fail } from '../../core/failure'
import type { Token, TokenizedText } from '../../core/text/token'
import { pieceKindOf } from '../../core/text/tokenPieces'
import { droppedCharacters } from './droppedCharacters'
import { specialTokensOf } from './specialTokens'
import { type TokenizerSource, tokenizerObject } from './tokenizerObject'
import { type Span, tokenSpans } from './tokenSpans'
import { WasmTokenizer } from './wasmTokenizer'

/** Most characters tokenised at once; of a longer text to show only these: the model reads far less. */
const MAX_CHARACTERS = 100_000

/** Most rows; no model has more. */
const MAX_VOCABULARY = 2 ** 22

/** Maps text to ids, and tokens back to places in the text. */
export interface ReviewTokenizer {
  readonly vocabulary: readonly string[]
  /** Ids that are never a word of the language: [CLS], [MASK], [PAD], ... */
  readonly specialIds: ReadonlySet<number>
  /** Ids of the tokens around a text, never a candidate for substitution: [CLS], [SEP], [PAD], <s>, </s>. */
  readonly framingIds: ReadonlySet<number>
  /** null where the tokenizer has no mask. */
  readonly maskId: number | null
  tokenize(text: string): TokenizedText
  /** Returns the ids of a whole text, however long, without special tokens around it. */
  contentIds(text: string): number[]
  /** Returns the ids as the model takes them: cut at its limit, with special tokens around. */
  framed(contentIds: readonly number[]): { readonly inputIds: number[]; readonly truncated: boolean }
}

export interface TokenizerLimits {
  /** Longest sequence, special tokens included; `model_max_length` is not read, being anything up to 1e30. */
  readonly maxPositions: number
  /** Rows of the word table. */
  readonly vocabularySize: number
}

/** Splits a text into parts, at white space where there is any: no token reaches across it. */
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
 * Opens the tokenizer of a model's folder.
 *
 * @param module tokenizers.wasm, compiled
 * @throws FailureError `unsupported-model`, `missing-file` or `damaged-file` that names the setting or the file
 */
export function createTokenizer(
  module: WebAssembly.Module,
  source: TokenizerSource,
  { maxPositions, vocabularySize }: TokenizerLimits,
): ReviewTokenizer {
  if (vocabularySize > MAX_VOCABULARY) {
    fail('unsupported-model', `config.json says that the vocabulary has ${vocabularySize} tokens.`)
  }
  const { json, special, splitSpecialTokens, truncationSide } = tokenizerObject(source)
  const fromEnd = truncationSide === 'left'
  const tokenizer = new WasmTokenizer(module, json, splitSpecialTokens)
  const inPlace = droppedCharacters(json, (other) => new WasmTokenizer(module, other, splitSpecialTokens))
  const vocabulary = tokenizer.vocabulary(vocabularySize)
  const beyond = new Map(tokenizer.addedTokens().map(({ id, content }) => [id, content]))
  const { prefix, suffix, specialIds, framingIds, maskId } = specialTokensOf(
    tokenizer,
    special,
    vocabularySize,
  )
  const pieceKind = pieceKindOf(vocabulary)
  const around = prefix.length + suffix.length
  const room = Math.max(0, maxPositions - around)
  const entryOf = (id: number) => vocabulary[id] ?? beyond.get(id) ?? ''
  /** Returns the first of the tokens that the model reads, of so many. */
  const firstOf = (count: number) => (fromEnd ? Math.max(0, count - room) : 0)
  const contentIds = (text: string) => {
    const ids: number[] = []
    for (const part of partsOf(text)) {
      for (const id of tokenizer.encode(part, null, false).ids) ids.push(id)
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
      inputIds: [...prefix, ...ids.slice(firstOf(ids.length)).slice(0, room), ...suffix],
      truncated: ids.length > room,
    }),
    tokenize(text) {
      const isLong = text.length > MAX_CHARACTERS
      const offset = isLong && fromEnd ? text.length - MAX_CHARACTERS : 0
      const part = isLong ? text.slice(offset, offset + MAX_CHARACTERS) : text
      const encoding = inPlace(part, tokenizer.encode(part, null, false))
      const { ids } = encoding
      const spans = tokenSpans(part, encoding, ids.map(entryOf), pieceKind).map(({ start, end }) => ({
        start: start + offset,
        end: end + offset,
      }))
      const first = firstOf(ids.length)
      const kept = ids.slice(first, first + room)
      const readFrom = first > 0 ? (spans[first]?.start ?? text.length) : offset
      const end = spans[first + kept.length - 1]?.end ?? readFrom
      const isCut = !fromEnd && ids.length > room
      const tokenOf = (id: number, span: Span, isFraming: boolean): Token => ({
        id,
        text: entryOf(id),
        special: isFraming,
        ...span,
      })
      const frame = (id: number, offset: number) => tokenOf(id, { start: offset, end: offset }, true)
      return {
        text,
        tokens: [
          ...prefix.map((id) => frame(id, readFrom)),
          ...kept.map((id, i) => tokenOf(id, spans[first + i], framingIds.has(id))),
          ...suffix.map((id) => frame(id, end)),
        ],
        truncatedAt: isCut ? spans[room].start : isLong && !fromEnd ? end : null,
        ...(readFrom > 0 && { readFrom }),
        totalTokens: ids.length + around,
        totalIsAtLeast: isLong,
      }
    },
  }
}

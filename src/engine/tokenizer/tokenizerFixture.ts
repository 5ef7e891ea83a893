import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Token } from '../../core/text/token'
import { type PieceKind, spelledText } from '../../core/text/tokenPieces'
import { familyFile } from '../familyFixture'
import type { TokenizerSource } from './tokenizerObject'
import type { Span } from './tokenSpans'

/** Holds one folder and what transformers makes of the odd texts with it: training/reference_tokenizers.py. */
export interface TokenizerCase {
  readonly name: string
  readonly files: Readonly<Record<string, StoredFile>>
  /** Token ids of each text in its turn. */
  readonly ids: readonly (readonly number[])[]
  /** UTF-16 code units, flat: start and end of each token. */
  readonly offsets: readonly (readonly number[])[]
}

/** Holds a file, or the place among the shared parts where it is; `shared` names such parts of the model. */
type StoredFile =
  | { readonly json: Record<string, unknown>; readonly shared?: readonly string[] }
  | { readonly text: number }
  | { readonly base64: number }

interface TokenizerFixture {
  readonly texts: Readonly<Record<string, string>>
  readonly shared: readonly unknown[]
  readonly tokenizers: readonly TokenizerCase[]
}

const fixture = JSON.parse(
  gunzipSync(readFileSync(familyFile('.', 'tokenizers-reference.json.gz'))).toString('utf8'),
) as TokenizerFixture

export const oddTexts: readonly (readonly [string, string])[] = Object.entries(fixture.texts)
export const tokenizerCases = fixture.tokenizers

function bytesOf(file: StoredFile): Uint8Array {
  if ('text' in file) return Buffer.from(fixture.shared[file.text] as string, 'utf8')
  if ('base64' in file) return Buffer.from(fixture.shared[file.base64] as string, 'base64')
  const model = file.json.model as Record<string, unknown> | undefined
  const lists = (file.shared ?? []).map((name) => [name, fixture.shared[model?.[name] as number]] as const)
  const whole = model ? { ...file.json, model: { ...model, ...Object.fromEntries(lists) } } : file.json
  return Buffer.from(JSON.stringify(whole), 'utf8')
}

/** Returns the files of a folder by name, as they lie on disk. */
export const filesOf = ({ files }: TokenizerCase): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, bytesOf(file)]))

/** Returns a folder's files as its reader hands them on. */
export function sourceOf(tokenizer: TokenizerCase): TokenizerSource {
  const {
    'tokenizer.json': file,
    'tokenizer_config.json': tokenizerConfig,
    'config.json': config,
    'special_tokens_map.json': specialTokens,
    'added_tokens.json': addedTokens,
    ...vocabularyFiles
  } = filesOf(tokenizer)
  const json = (bytes: Uint8Array | undefined): unknown =>
    bytes ? JSON.parse(Buffer.from(bytes).toString('utf8')) : null
  return {
    tokenizer: json(file),
    tokenizerConfig: json(tokenizerConfig),
    config: json(config),
    specialTokens: json(specialTokens),
    addedTokens: json(addedTokens),
    vocabularyFiles,
  }
}

const DROPPED = /^[\p{M}\p{Cc}\p{Cf}\ufffd]$/u
const SPACES = /^[^\S\ufeff]*$/u

/**
 * Turns transformers' offsets into spans of this tool: without the spaces around a word, with the marks behind a letter
 * that no token covers; none for a space that the text has not, which transformers places on the letter behind it.
 *
 * @param pieces spelled text of each token
 */
function expectedSpans(text: string, offsets: readonly number[], pieces: readonly string[]): Span[] {
  const raw = pieces.map((_, i) => ({ start: offsets[2 * i], end: offsets[2 * i + 1] }))
  const covered = new Set<number>()
  for (const { start, end } of raw) for (let i = start; i < end; i++) covered.add(i)
  return raw.map(({ start, end }, i) => {
    const slice = text.slice(start, end)
    if (!SPACES.test(slice)) {
      if (SPACES.test(pieces[i])) return { start: -1, end: -1 }
      start += slice.search(/[\S\ufeff]/u)
      end -= slice.length - slice.replace(/[^\S\ufeff]+$/u, '').length
    }
    while (
      end > start &&
      end < text.length &&
      !covered.has(end) &&
      DROPPED.test(text[end]) &&
      !SPACES.test(text[end])
    )
      end++
    return { start, end }
  })
}

/** Returns the tokens whose place is another than transformers gives them, in words. */
export function misplaced(
  text: string,
  tokens: readonly Token[],
  offsets: readonly number[],
  kind: PieceKind,
): string[] {
  const pieces = tokens.map((token) => spelledText(token.text, kind))
  const expected = expectedSpans(text, offsets, pieces)
  const wrong: string[] = []
  let cursor = 0
  for (const [i, { start, end, special }] of tokens.entries()) {
    const wanted = expected[i]
    const framing = special && offsets[2 * i] === offsets[2 * i + 1]
    const none = framing || wanted.start < 0
    const trimmed = !none && wanted.start === wanted.end && SPACES.test(pieces[i])
    const right = none
      ? start === end
      : trimmed
        ? end === wanted.end && SPACES.test(text.slice(start, end))
        : start === wanted.start && end === wanted.end
    if (!right) wrong.push(`${i} ${tokens[i].text}: ${start}..${end}, not ${wanted.start}..${wanted.end}`)
    if (start < cursor && start < end && !special) wrong.push(`${i} goes back`)
    // Transformers trims a space to the end of its place, which is past the letter that shares it.
    const isTrimmed = offsets[2 * i] === offsets[2 * i + 1]
    if (!special && !isTrimmed) cursor = Math.max(cursor, start)
  }
  return wrong
}

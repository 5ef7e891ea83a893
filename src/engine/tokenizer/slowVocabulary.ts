import { fail } from '../../core/failure'
import type { ClassSettings, TokenizerClass, Vocabulary } from './classTable'
import { addedPieces, base64Of, mergesOf, readSentencePiece, type SentencePieceModel } from './sentencePiece'
import { type AddedTokenJson, addedToken } from './tokenizerSettings'

/** The files that a slow tokenizer may have in the place of tokenizer.json. */
export const VOCABULARY_FILES = [
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'spiece.model',
  'sentencepiece.bpe.model',
  'sentencepiece.model',
  'spm.model',
  'tokenizer.model',
] as const

/** Holds files of a tokenizer by their names in the folder, as they are. */
export type VocabularyFiles = Readonly<Record<string, Uint8Array | undefined>>

/** Holds the vocabulary of a slow tokenizer, whose files are older than tokenizer.json. */
export interface SlowVocabulary extends Vocabulary {
  /** Tokens that the SentencePiece file holds outside the model, to be added; null for other files. */
  readonly additional: readonly AddedTokenJson[] | null
  readonly sentencePiece: SentencePieceModel | null
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return fail('damaged-file', `${name} is not UTF-8.`)
  }
}

/** Splits lines as Rust's `lines` does: at \n, without \r before it, no empty one at the end. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Reads one entry a line, without trailing white space; of equal ones the last counts (`WordPiece::read_file`). */
function readWordPieces(text: string): Record<string, number> {
  const entries = linesOf(text).map((line, id) => [line.replace(/[\p{White_Space}]+$/u, ''), id] as const)
  return Object.fromEntries(entries)
}

/** Reads a pair a line, without lines that begin with `#version` (`BPE::read_file`). */
function readMerges(text: string, name: string): [string, string][] {
  return linesOf(text)
    .filter((line) => !line.startsWith('#version'))
    .map((line, index) => {
      const parts = line.split(' ')
      if (parts.length !== 2) fail('unsupported-model', `${name} has no pair of pieces in line ${index + 1}.`)
      return [parts[0], parts[1]]
    })
}

function readIds(text: string, name: string): Record<string, number> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('damaged-file', `${name} is not JSON.`)
  }
  const isIds = typeof json === 'object' && json !== null && !Array.isArray(json)
  if (!isIds || !Object.values(json as object).every((id) => Number.isSafeInteger(id) && id >= 0)) {
    return fail('unsupported-model', `${name} does not give an id to each piece.`)
  }
  return json as Record<string, number>
}

function readPieces(
  bytes: Uint8Array,
  name: string,
  { model, fromSentencePiece }: Pick<TokenizerClass, 'fromSentencePiece'> & { model: string | null },
  settings: ClassSettings,
): SlowVocabulary {
  const file = readSentencePiece(bytes, name)
  if (file.modelType !== 1 && file.modelType !== 2) {
    fail('unsupported-model', `${name} is a SentencePiece model of whole words or of characters.`)
  }
  const isBpe = model === null ? file.modelType === 2 : model === 'BPE'
  const additional = addedPieces(file).map(({ content, special }) => ({
    ...addedToken(content, special),
    normalized: false,
  }))
  const charsmap = file.charsmap.length > 0 ? base64Of(file.charsmap) : null
  const scored = file.pieces.map(({ piece, score }) => [piece, score] as const)
  if (!isBpe) {
    const pieces = fromSentencePiece ? fromSentencePiece(scored, settings) : scored
    return { pieces, merges: [], charsmap, additional, sentencePiece: file }
  }
  const ids = new Map(file.pieces.map(({ piece }, id) => [piece, id]))
  return { pieces: Object.fromEntries(ids), merges: mergesOf(ids), charsmap, additional, sentencePiece: file }
}

/**
 * Reads the vocabulary of a folder without tokenizer.json, as the class of its tokenizer looks for it.
 *
 * @param kind the class; null for one that takes what `tokenizer.model` says
 * @throws FailureError `unsupported-model` or `damaged-file` with the name of the file
 */
export function readSlowVocabulary(
  files: VocabularyFiles,
  kind: TokenizerClass | null,
  name: string,
  settings: ClassSettings,
): SlowVocabulary {
  const wanted = kind?.files ?? ['tokenizer.model']
  const found = wanted.map((file) => {
    const bytes = files[file]
    if (bytes) return bytes
    const there = Object.keys(files).filter((path) => files[path] && !path.endsWith('.json'))
    return fail(
      'missing-file',
      `There is no tokenizer.json, and no ${file}, which ${name} is read from${there.length > 0 ? `; there is ${there.join(', ')}` : ''}.`,
    )
  })
  const [first, second] = found
  if (wanted[0].endsWith('.model')) {
    return readPieces(
      first,
      wanted[0],
      { model: kind?.model ?? null, fromSentencePiece: kind?.fromSentencePiece },
      settings,
    )
  }
  const plain = { charsmap: null, additional: null, sentencePiece: null }
  if (kind?.model === 'WordPiece')
    return { ...plain, pieces: readWordPieces(textOf(first, wanted[0])), merges: [] }
  return {
    ...plain,
    pieces: readIds(textOf(first, wanted[0]), wanted[0]),
    merges: readMerges(textOf(second, wanted[1]), wanted[1]),
  }
}

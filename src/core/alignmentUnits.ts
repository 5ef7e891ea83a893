import { byteRuns, type PieceKind, pieceBytes, SPACE_MARK } from './tokenPieces'

/** Where a token stands in the text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One code point of a text as texts are compared: decomposed, lower case, white space as one space. */
export interface TextUnit extends Span {
  readonly value: string
  /** A normaliser may leave it out: a mark, a control, a format character, white space. */
  readonly droppable: boolean
}

/** The same of what pieces spell; it may be spelled by several, each with some of its bytes. */
export interface PieceUnit {
  /** A code point; `null`: any one character, whose bytes are not all there; `unknown`: any few. */
  readonly value: string | null | typeof UNKNOWN
  readonly first: number
  readonly last: number
}

export const UNKNOWN = Symbol('unknown')

const SPACE = /^[^\S\ufeff]$/u
const DROPPABLE = /^[\s\p{M}\p{Cc}\p{Cf}\ufffd]$/u
const LONE_SURROGATE = /^[\ud800-\udfff]$/

/** Code points to compare: any normaliser's form of a character gives the same ones, but for those it drops. */
function compared(character: string): string[] {
  if (character > ' ' && character < '\u007f') return [character.toLowerCase()]
  if (SPACE.test(character) || character === SPACE_MARK) return [' ']
  if (LONE_SURROGATE.test(character)) return ['\ufffd']
  // A word's last sigma has a lower case of its own.
  const folded = character.normalize('NFKD').toLowerCase().replace('ς', 'σ').normalize('NFKD')
  return [...folded].map((point) => (SPACE.test(point) ? ' ' : point))
}

export function textUnits(text: string): TextUnit[] {
  const units: TextUnit[] = []
  let start = 0
  for (const character of text) {
    const end = start + character.length
    for (const value of compared(character)) {
      units.push({ value, start, end, droppable: DROPPABLE.test(value) })
    }
    start = end
  }
  return units
}

/** @param isUnknown whether a piece is the unknown token, standing for text that it does not spell */
export function pieceUnits(
  pieces: readonly string[],
  kind: PieceKind,
  isUnknown: (piece: string) => boolean,
): PieceUnit[] {
  const units: PieceUnit[] = []
  let bytes: number[] = []
  let owners: number[] = []
  const flush = () => {
    for (const { character, start, end } of byteRuns(bytes)) {
      const place = { first: owners[start], last: owners[end - 1] }
      if (character === null) units.push({ value: null, ...place })
      else for (const value of compared(character)) units.push({ value, ...place })
    }
    bytes = []
    owners = []
  }
  for (const [i, piece] of pieces.entries()) {
    const own = isUnknown(piece) ? null : pieceBytes(piece, kind)
    if (own) {
      for (const byte of own) {
        bytes.push(byte)
        owners.push(i)
      }
      continue
    }
    flush()
    const place = { first: i, last: i }
    if (isUnknown(piece)) units.push({ value: UNKNOWN, ...place })
    else
      for (const character of piece) for (const value of compared(character)) units.push({ value, ...place })
  }
  flush()
  return units
}

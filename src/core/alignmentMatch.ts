import { type PieceUnit, pieceUnits, type Span, type TextUnit, textUnits, UNKNOWN } from './alignmentUnits'
import type { PieceKind } from './tokenPieces'

/** How far a place is looked for where text and pieces go on alike again. */
const LOOK_AHEAD = 16
/** How many units must be alike there; one where it is near, as behind a sign for another sign. */
const ALIKE = 3
const NEAR = 4

/** What a unit of the pieces stands for: units `from` to `to` of the text, end exclusive. */
interface Match {
  readonly from: number
  readonly to: number
}

/** Walks along both; in each step a unit of the pieces is given its place, or one of the text is passed over. */
class Matcher {
  readonly matches: (Match | null)[]
  private at = 0
  private next = 0

  constructor(
    private readonly text: readonly TextUnit[],
    private readonly units: readonly PieceUnit[],
    private readonly source: string,
    private readonly pieces: readonly string[],
  ) {
    this.matches = new Array<Match | null>(units.length).fill(null)
  }

  run(): readonly (Match | null)[] {
    const { text, units } = this
    while (this.next < units.length && this.at < text.length) this.step()
    return this.matches
  }

  private step(): void {
    const { value } = this.units[this.next]
    const unit = this.text[this.at]
    if (value === UNKNOWN) this.unknown()
    else if (value === null) this.take(this.characterEnd(this.at))
    else if (value === ' ') this.space()
    else if (unit.value === value) this.take(this.at + 1)
    else if (unit.droppable) this.at++
    else this.resume()
  }

  private take(to: number): void {
    this.matches[this.next++] = { from: this.at, to }
    this.at = to
  }

  /** Index behind the character that holds the unit at `index`. */
  private characterEnd(index: number): number {
    const { end } = this.text[index]
    let to = index + 1
    while (to < this.text.length && this.text[to].end === end) to++
    return to
  }

  private runLength(isSpace: (index: number) => boolean, from: number): number {
    let length = 0
    while (isSpace(from + length)) length++
    return length
  }

  /** Spaces are put before a text, and runs of them made one: the last of a run is the one that is left. */
  private space(): void {
    const { text, units } = this
    const inText = (index: number) => text[index]?.value === ' '
    let begin = this.at
    while (begin < text.length && text[begin].droppable && !inText(begin)) begin++
    if (!inText(begin)) {
      // A format character that became a space, or a space that the text has not.
      if (begin > this.at) this.take(begin)
      else this.next++
      return
    }
    const wanted = this.runLength((index) => units[index]?.value === ' ', this.next)
    const there = this.runLength(inText, begin)
    const added = Math.max(0, wanted - there)
    const shift = begin + Math.max(0, there - wanted) - added
    for (let i = 0; i < wanted; i++) {
      const from = i < added ? begin : shift + i
      this.matches[this.next++] = { from, to: from + 1 }
    }
    this.at = begin + there
  }

  private alike(at: number, next: number, atLeast: number): boolean {
    const { text, units } = this
    let i = at
    for (let j = next; j < next + atLeast && j < units.length; j++) {
      const { value } = units[j]
      if (value === UNKNOWN || value === null) return j > next
      const limit = Math.min(text.length, i + LOOK_AHEAD)
      while (i < limit && text[i].value !== value && text[i].droppable) i++
      if (text[i]?.value !== value) return j > next && i === text.length
      i++
    }
    return true
  }

  /** The normaliser wrote something else: what lies before the next place that is alike stands for it. */
  private resume(): void {
    for (let apart = 1; apart <= 2 * LOOK_AHEAD; apart++) {
      for (let passed = Math.min(apart, LOOK_AHEAD); passed >= Math.max(0, apart - LOOK_AHEAD); passed--) {
        const [at, next] = [this.at + passed, this.next + apart - passed]
        if (at > this.text.length || next > this.units.length) continue
        if (!this.alike(at, next, apart <= NEAR ? 1 : ALIKE)) continue
        const match = { from: this.at, to: at }
        while (this.next < next) this.matches[this.next++] = match
        this.at = at
        return
      }
    }
    this.take(this.at + 1)
  }

  /** Index behind an unknown token that the text spells out, or null. */
  private literalEnd(piece: string): number | null {
    const { start } = this.text[this.at]
    if (!this.source.startsWith(piece, start)) return null
    let to = this.at
    while (to < this.text.length && this.text[to].start < start + piece.length) to++
    return to
  }

  /** An unknown token stands for the characters before the next piece, inside one word. */
  private unknown(): void {
    const { text, units } = this
    const following = units[this.next + 1]
    const length = following
      ? this.runLength((index) => units[index]?.first === following.first, this.next + 1)
      : 0
    const goesOn = (at: number) => length > 0 && this.alike(at, this.next + 1, length)
    const isSpace = (index: number) => text[index]?.value === ' '
    // White space can be what is unknown.
    if (!goesOn(this.at + 1)) this.at += this.runLength(isSpace, this.at)
    if (this.at === text.length) return
    const literal = this.literalEnd(this.pieces[units[this.next].first])
    if (literal !== null) {
      this.take(literal)
      return
    }
    const wordEnd =
      this.at +
      Math.max(
        1,
        this.runLength((index) => index < text.length && !isSpace(index), this.at),
      )
    let to = this.characterEnd(this.at)
    if (following === undefined) to = wordEnd
    else if (following.value !== UNKNOWN) {
      to = this.at + 1
      while (to < wordEnd && !goesOn(to)) to++
    }
    this.take(to)
  }
}

/** Marks, controls and the like behind a letter belong to it where no piece spells them. */
function withDropped(text: readonly TextUnit[], to: number, taken: Uint8Array): number {
  let end = to
  while (end < text.length && text[end].droppable && text[end].value !== ' ' && taken[end] === 0) end++
  return end
}

/** Pieces without a place stand, empty, behind the one before them; or before the next, where that begins earlier. */
function inOrder(found: readonly (Span | null)[], length: number): Span[] {
  const spans = new Array<Span>(found.length)
  let next = length
  const ends: number[] = []
  for (const span of found) ends.push(span?.end ?? ends.at(-1) ?? 0)
  for (let i = found.length - 1; i >= 0; i--) {
    const at = Math.min(ends[i], next)
    spans[i] = found[i] ?? { start: at, end: at }
    next = spans[i].start
  }
  return spans
}

/**
 * The place of each byte-level or SentencePiece token, whatever the tokenizer's normaliser made of the text. A piece
 * that is part of a character has the character's span; spaces around a word are left out of its span.
 *
 * @param isUnknown whether a piece is the unknown token
 */
export function matchPieces(
  source: string,
  pieces: readonly string[],
  kind: PieceKind,
  isUnknown: (piece: string) => boolean,
): Span[] {
  const text = textUnits(source)
  const units = pieceUnits(pieces, kind, isUnknown)
  const matches = new Matcher(text, units, source, pieces).run()
  const taken = new Uint8Array(text.length)
  for (const match of matches) if (match) taken.fill(1, match.from, match.to)

  const places: (Match | null)[] = pieces.map(() => null)
  const spaces: (Match | null)[] = pieces.map(() => null)
  for (const [i, { value, first, last }] of units.entries()) {
    const match = matches[i]
    if (!match || match.to === match.from) continue
    const kept = value === ' ' ? spaces : places
    for (let piece = first; piece <= last; piece++) {
      kept[piece] = { from: kept[piece]?.from ?? match.from, to: match.to }
    }
  }
  const found = pieces.map((_, piece): Span | null => {
    const place = places[piece] ?? spaces[piece]
    return place && { start: text[place.from].start, end: text[withDropped(text, place.to, taken) - 1].end }
  })
  return inOrder(found, source.length)
}

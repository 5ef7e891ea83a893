import { alignPieces, type Span } from '../core/alignment'
import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { OccurrenceContext } from '../core/corpus/corpusService'
import { columnOf } from '../core/corpus/recordColumns'
import { NONE, type RecordTable } from '../core/corpus/records'
import { fail } from '../core/failure'
import { bareText, isContinuation } from '../core/token'
import { type PieceKind, pieceKindOf } from '../core/tokenPieces'

/** Characters and tokens to each side, about a line in all. */
const CHARACTERS = 60
const TOKENS = 12

/** Sequences whose tokens are kept: a pointer moves among the points of a few. */
const SEQUENCES_KEPT = 64

/** A text and where its tokens stand in it. */
interface PlacedText {
  readonly text: string
  /** Vocabulary entries by position; empty for framing tokens. */
  readonly pieces: readonly string[]
  /** Null where a token stands for no text. */
  readonly spans: readonly (Span | null)[]
  readonly kind: PieceKind
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

/** The end of a text, from the beginning of a word. */
function lastWords(text: string): string {
  if (text.length <= CHARACTERS) return text
  return text.slice(-CHARACTERS).replace(/^\S*\s+/, '')
}

function firstWords(text: string): string {
  if (text.length <= CHARACTERS) return text
  return text.slice(0, CHARACTERS).replace(/\s+\S*$/, '')
}

/** Pieces as text: what continues a word joins it. */
function joinedPieces(pieces: readonly string[], kind: PieceKind): string {
  return pieces
    .map((piece) => (isContinuation(piece, kind) ? bareText(piece, kind) : ` ${bareText(piece, kind)}`))
    .join('')
    .replace(/ +/g, ' ')
    .trim()
}

function contextIn(placed: PlacedText, position: number): { before: string; after: string } {
  const { text, pieces, spans, kind } = placed
  const span = spans[position]
  if (span) {
    return {
      before: oneLine(lastWords(text.slice(0, span.start))),
      after: oneLine(firstWords(text.slice(span.end))),
    }
  }
  return {
    before: joinedPieces(pieces.slice(Math.max(0, position - TOKENS), position), kind),
    after: joinedPieces(pieces.slice(position + 1, position + 1 + TOKENS), kind),
  }
}

export interface ContextOptions {
  readonly engine: Pick<CorpusEngine, 'info' | 'encodeTexts' | 'vocabulary' | 'framingIds' | 'specialIds'>
  /** Of the model that measured: another one may cut the texts into other tokens. */
  readonly sha256: string
  /** Null where it is not kept. */
  readonly text: (sequence: number) => Promise<string | null>
}

/** Tokens of one run in their sentences. */
export function createOccurrenceContexts({ engine, sha256, text }: ContextOptions) {
  const placed = new Map<number, Promise<PlacedText | null>>()

  async function place(sequence: number): Promise<PlacedText | null> {
    const kept = await text(sequence)
    if (kept === null) return null
    if ((await engine.info()).provenance.sha256 !== sha256) return null
    const [vocabulary, framing, specials, { inputIds }] = await Promise.all([
      engine.vocabulary(),
      engine.framingIds(),
      engine.specialIds(),
      engine.encodeTexts([kept], { ids: true }),
    ])
    const ids = Array.from(inputIds[0])
    const kind = pieceKindOf(vocabulary)
    const pieces = ids.map((id) => (framing.includes(id) ? '' : (vocabulary[id] ?? '')))
    const unknown = specials.map((id) => vocabulary[id]).find((piece) => /unk/i.test(piece)) ?? ''
    const content = [...ids.keys()].filter((position) => !framing.includes(ids[position]))
    const found = alignPieces(
      kept,
      content.map((position) => pieces[position]),
      unknown,
      kind,
    )
    const spans = new Array<Span | null>(ids.length).fill(null)
    for (const [i, position] of content.entries())
      if (found[i].end > found[i].start) spans[position] = found[i]
    return { text: kept, pieces, spans, kind }
  }

  function placedText(sequence: number): Promise<PlacedText | null> {
    const known = placed.get(sequence)
    if (known) return known
    const promise = place(sequence)
    // A question that failed is asked again, and one that came while another model was open.
    promise.then(
      (found) => found ?? placed.delete(sequence),
      () => placed.delete(sequence),
    )
    if (placed.size >= SEQUENCES_KEPT) placed.delete(placed.keys().next().value ?? sequence)
    placed.set(sequence, promise)
    return promise
  }

  /**
   * @param table with the columns `sequence` and `position`
   * @throws FailureError `invalid-request` for a row that the table has not
   */
  return async (table: RecordTable, rows: readonly number[]): Promise<readonly OccurrenceContext[]> => {
    const sequences = columnOf(table, 'sequence')
    const positions = columnOf(table, 'position')
    return Promise.all(
      rows.map(async (row) => {
        if (!Number.isInteger(row) || row < 0 || row >= table.rows) {
          fail('invalid-request', `There is no row ${row} in ${table.rows}.`)
        }
        const [sequence, position] = [sequences[row], positions[row]]
        const text = sequence === NONE ? null : await placedText(sequence)
        return { sequence, position, ...(text ? contextIn(text, position) : { before: null, after: null }) }
      }),
    )
  }
}

import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { OccurrenceContext } from '../../core/corpus/corpusService'
import { columnOf } from '../../core/corpus/records/recordColumns'
import { NONE, type RecordTable } from '../../core/corpus/records/records'
import { fail } from '../../core/failure'
import { bareText, isContinuation, type Token } from '../../core/text/token'
import { type PieceKind, pieceKindOf } from '../../core/text/tokenPieces'

/** Largest number of characters and of tokens on each side, about a line in all. */
const CHARACTERS = 60
const TOKENS = 12

/** Number of sequences whose tokens are cached: a pointer moves among the points of a few. */
const SEQUENCES_KEPT = 64

/** Holds a text and the offsets of its tokens. */
interface PlacedText {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly kind: PieceKind
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

/** Returns the end of a text, from the beginning of a word. */
function lastWords(text: string): string {
  if (text.length <= CHARACTERS) return text
  return text.slice(-CHARACTERS).replace(/^\S*\s+/, '')
}

function firstWords(text: string): string {
  if (text.length <= CHARACTERS) return text
  return text.slice(0, CHARACTERS).replace(/\s+\S*$/, '')
}

/** Joins pieces to text: a piece that continues a word follows without a space. */
function joinedPieces(tokens: readonly Token[], kind: PieceKind): string {
  return tokens
    .filter(({ special }) => !special)
    .map(({ text: piece }) =>
      isContinuation(piece, kind) ? bareText(piece, kind) : ` ${bareText(piece, kind)}`,
    )
    .join('')
    .replace(/ +/g, ' ')
    .trim()
}

function contextIn(placed: PlacedText, position: number): { before: string; after: string } {
  const { text, tokens, kind } = placed
  const token = tokens.at(position)
  if (token && token.start < token.end) {
    return {
      before: oneLine(lastWords(text.slice(0, token.start))),
      after: oneLine(firstWords(text.slice(token.end))),
    }
  }
  return {
    before: joinedPieces(tokens.slice(Math.max(0, position - TOKENS), position), kind),
    after: joinedPieces(tokens.slice(position + 1, position + 1 + TOKENS), kind),
  }
}

export interface ContextOptions {
  readonly engine: Pick<CorpusEngine, 'info' | 'tokenize' | 'vocabulary'>
  /** sha256 of the model that measured: another one may tokenize the texts differently. */
  readonly sha256: string
  /** Returns the text of a sequence; null if it is not saved. */
  readonly text: (sequence: number) => Promise<string | null>
}

/** Returns a function that finds tokens of one run in their sentences. */
export function createOccurrenceContexts({ engine, sha256, text }: ContextOptions) {
  const placed = new Map<number, Promise<PlacedText | null>>()

  async function place(sequence: number): Promise<PlacedText | null> {
    const kept = await text(sequence)
    if (kept === null) return null
    if ((await engine.info()).provenance.sha256 !== sha256) return null
    const [vocabulary, { tokens }] = await Promise.all([engine.vocabulary(), engine.tokenize(kept)])
    return { text: kept, tokens, kind: pieceKindOf(vocabulary) }
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

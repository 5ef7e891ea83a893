import type { TextChunk } from './blobText'

export interface TextLine {
  /** Line number from 1. */
  readonly line: number
  /** Text without its line break; empty if `tooLong`. */
  readonly text: string
  readonly tooLong: boolean
}

export interface LineBatch {
  readonly lines: readonly TextLine[]
  readonly bytesRead: number
}

/** Splits text into lines, one batch per chunk. A line longer than `limit` is reported without its text. */
export async function* linesOf(chunks: AsyncIterable<TextChunk>, limit: number): AsyncGenerator<LineBatch> {
  let line = 1
  let pending = ''
  let tooLong = false
  let bytesRead = 0

  const take = (piece: string) => {
    if (!tooLong) pending += piece
    if (pending.length > limit) {
      pending = ''
      tooLong = true
    }
  }
  const finish = (): TextLine => {
    const finished = { line, text: pending, tooLong }
    line++
    pending = ''
    tooLong = false
    return finished
  }

  for await (const chunk of chunks) {
    const lines: TextLine[] = []
    const pieces = chunk.text.split('\n')
    pieces.forEach((piece, index) => {
      take(piece)
      if (index < pieces.length - 1) lines.push(finish())
    })
    bytesRead = chunk.bytesRead
    yield { lines, bytesRead }
  }
  yield { lines: [finish()], bytesRead }
}

import type { CorpusSource } from '../../core/corpus/corpusService'
import { openCorpus, previewSource } from './openCorpus'

/** Streams in chunks of a size that the test chooses, and counts how many were taken. */
export class ChunkedFile extends File {
  chunksTaken = 0
  cancelled = false

  constructor(
    private readonly content: Uint8Array<ArrayBuffer>,
    name: string,
    private readonly chunkSize: number,
  ) {
    super([content], name)
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0
    return new ReadableStream(
      {
        pull: (controller) => {
          if (at >= this.content.length) return controller.close()
          this.chunksTaken++
          controller.enqueue(this.content.slice(at, at + this.chunkSize))
          at += this.chunkSize
        },
        cancel: () => {
          this.cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
  }
}

const OPTIONS = { base: 'http://localhost/' }

export const fileOf = (content: BlobPart, name: string) => new File([content], name)

export const sourceOf = (file: File, column: string | null = null): CorpusSource => ({
  kind: 'file',
  file,
  column,
})

export const preview = (file: File) => previewSource(sourceOf(file), OPTIONS)

/** Reads all texts and reports of a file. */
export async function readAll(file: File, column: string | null = null) {
  const reader = await openCorpus(sourceOf(file, column), OPTIONS)
  const rows: number[] = []
  const texts: string[] = []
  const bytes: number[] = []
  for await (const batch of reader.batches()) {
    rows.push(...batch.texts.map(({ row }) => row))
    texts.push(...batch.texts.map(({ text }) => text))
    bytes.push(batch.bytesRead)
  }
  const { rows: malformed, total } = reader.malformed()
  return { reader, rows, texts, bytes, malformed, malformedTotal: total, encoding: reader.encoding() }
}

/** Encodes UTF-16 with a byte order mark or without. */
export function utf16(text: string, order: 'LE' | 'BE', mark: boolean): Uint8Array<ArrayBuffer> {
  const marked = mark ? `\ufeff${text}` : text
  const view = new DataView(new ArrayBuffer(2 * marked.length))
  for (let i = 0; i < marked.length; i++) view.setUint16(2 * i, marked.charCodeAt(i), order === 'LE')
  return new Uint8Array(view.buffer)
}

export const utf8 = (text: string) => new TextEncoder().encode(text)

import { fail } from '../../core/failure'
import type { BlobText } from './blobText'
import { type JsonElement, JsonElements, type JsonLayout } from './jsonElements'
import { jsonCells } from './lineRows'
import { MAX_ROW_CHARACTERS, type RawRow, type RowSource, TOO_LONG } from './rowSource'

function layoutOf(text: BlobText): JsonLayout {
  const first = text.head.trimStart()[0]
  if (first === '[') return 'array'
  if (first !== '{') {
    fail('damaged-file', `${text.name} is JSON without rows: it holds neither an array nor an object.`, {
      advice: 'Write it as an array of texts or of objects, or as one object a line (JSONL).',
    })
  }
  const search = new JsonElements('member', MAX_ROW_CHARACTERS)
  search.push(text.head)
  return search.found ? 'member' : 'values'
}

const rowOf = ({ line, text, tooLong }: JsonElement): RawRow =>
  tooLong ? { line, reason: TOO_LONG } : jsonCells(line, text)

/**
 * Rows of a JSON document: of an array, its elements; of an object, the elements of the first array among its values,
 * or, where the first 256 kB show none, its values. A row is a text or an object.
 *
 * @throws FailureError `damaged-file` where the document is neither
 */
export function openJson(text: BlobText): RowSource {
  const layout = layoutOf(text)
  return {
    name: text.name,
    format: 'json',
    totalRows: null,
    totalBytes: text.size,
    columns: null,
    notes: [],
    encoding: text.encoding,
    async *rows() {
      const elements = new JsonElements(layout, MAX_ROW_CHARACTERS)
      let bytesRead = 0
      for await (const chunk of text.chunks()) {
        bytesRead = chunk.bytesRead
        yield { rows: elements.push(chunk.text).map(rowOf), bytesRead }
      }
      const cut = elements.end().map(({ line }) => ({ line, reason: 'the file ends in the middle of it' }))
      yield { rows: cut, bytesRead }
    },
  }
}

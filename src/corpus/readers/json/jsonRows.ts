import type { FileReading } from '../../../core/corpus/corpusService'
import { fail } from '../../../core/failure'
import type { BlobText } from '../encoding/blobText'
import { jsonCells } from '../encoding/lineRows'
import {
  MAX_ROW_CHARACTERS,
  type RawRow,
  type RowBatch,
  type RowSource,
  type RowsRequest,
  TOO_LONG,
} from '../rowSource'
import { DOCUMENTS, type JsonElement, JsonElements } from './jsonElements'
import { type JsonLayout, type JsonReading, jsonLayout, parseHead } from './jsonLayout'

/** Name that no member has: nothing is split, all members are seen. */
const NO_MEMBER = '\0'

/** Finds the values of the outermost object, and what follows behind it. */
async function outlineOf(text: BlobText): Promise<Pick<JsonElements, 'members' | 'follower'>> {
  const search = new JsonElements(NO_MEMBER, 0)
  if (text.headIsAll) search.push(text.head)
  else for await (const chunk of text.chunks()) search.push(chunk.text)
  return search
}

async function readingOf(text: BlobText, orient: FileReading['orient']): Promise<JsonReading> {
  const first = text.head.trimStart()[0]
  if (first !== '[' && first !== '{') {
    fail('damaged-file', `${text.name} is JSON without rows: it holds neither an array nor an object.`, {
      advice: 'Write it as an array of texts or of objects, or as one object a line (JSONL).',
    })
  }
  const { members, follower } = first === '{' ? await outlineOf(text) : { members: [], follower: null }
  if (follower === '{') {
    return {
      layout: { kind: 'documents' },
      notes: ['It holds several JSON objects, one after another: each is read as a row.'],
    }
  }
  const [array] = members.filter(({ bracket }) => bracket === '[')
  const head = parseHead(text.head)
  if (head === undefined && array) {
    return { layout: { kind: 'rows', member: array.name }, notes: [`Its rows are those of “${array.name}”.`] }
  }
  return jsonLayout(head, members, orient)
}

type RowsLayout = Extract<JsonLayout, { kind: 'rows' }>

function rowOf(
  { line, text, tooLong }: JsonElement,
  { fields, wrapped }: Pick<RowsLayout, 'fields' | 'wrapped'>,
): RawRow {
  if (tooLong) return { line, reason: TOO_LONG }
  const row = jsonCells(line, text, fields)
  return wrapped && typeof row.cells === 'object' ? unwrapped(line, row.cells) : row
}

/** Unwraps a row of the data sets server, which cuts long texts short. */
function unwrapped(line: number, { row, truncated_cells: cut }: Readonly<Record<string, unknown>>): RawRow {
  if (typeof row !== 'object' || row === null) return { line, reason: 'no “row”' }
  const cells: Record<string, unknown> = { ...row }
  for (const name of Array.isArray(cut) ? cut : []) delete cells[String(name)]
  return Array.isArray(cut) && cut.length > 0
    ? { line, cells, lacks: `the data sets server cut ${cut.join(', ')} short` }
    : { line, cells }
}

const CUT = 'the file ends in the middle of it'

async function* rowsIn(
  text: BlobText,
  layout: RowsLayout | Extract<JsonLayout, { kind: 'documents' }>,
): AsyncGenerator<RowBatch> {
  const isRows = layout.kind === 'rows'
  const elements = new JsonElements(isRows ? layout.member : DOCUMENTS, MAX_ROW_CHARACTERS)
  let bytesRead = 0
  for await (const chunk of text.chunks()) {
    bytesRead = chunk.bytesRead
    yield {
      rows: elements.push(chunk.text).map((element) => rowOf(element, isRows ? layout : {})),
      bytesRead,
    }
  }
  yield { rows: elements.end().map(({ line }) => ({ line, reason: CUT })), bytesRead }
}

/** Reads one column after the other, in the file's order: of several columns, only the first rows are in memory. */
async function* rowsByColumn(
  text: BlobText,
  columns: readonly string[],
  { columns: wanted, atMost = Number.POSITIVE_INFINITY }: RowsRequest,
): AsyncGenerator<RowBatch> {
  const read = wanted
    ? columns.filter((name) => wanted.some((one) => one === name || one.startsWith(`${name}.`)))
    : columns
  const cutters = read.map((name) => ({ name, elements: new JsonElements(name, MAX_ROW_CHARACTERS) }))
  const single = read.length === 1
  let rows: RawRow[] = []
  let bytesRead = 0
  const count = new Map(read.map((name) => [name, 0]))
  const put = (name: string, { text: json, tooLong }: JsonElement, cut = false) => {
    const line = (count.get(name) ?? 0) + 1
    count.set(name, line)
    if (!single && line > atMost) return
    const parsed = jsonCells(line, `{"v":${json}}`)
    const value = parsed.cells
    const reason = cut ? CUT : tooLong ? TOO_LONG : parsed.reason
    const before = single ? undefined : rows[line - 1]
    const row: RawRow =
      reason !== undefined || before?.reason !== undefined || typeof value !== 'object'
        ? { line, reason: before?.reason ?? reason ?? '' }
        : { line, cells: { ...(typeof before?.cells === 'object' && before.cells), [name]: value.v } }
    if (single) rows.push(row)
    else rows[line - 1] = row
  }
  for await (const chunk of text.chunks()) {
    bytesRead = chunk.bytesRead
    for (const { name, elements } of cutters) {
      for (const element of elements.push(chunk.text)) put(name, element)
    }
    if (!single) continue
    yield { rows, bytesRead }
    rows = []
  }
  for (const { name, elements } of cutters) for (const element of elements.end()) put(name, element, true)
  yield { rows, bytesRead }
}

/**
 * Opens a JSON document, in any layout that `jsonLayout` knows. A row is a text, an object, or an array with names of
 * its fields.
 *
 * @throws FailureError `damaged-file` where the document holds no rows
 */
export async function openJson(text: BlobText, { orient: asked }: FileReading = {}): Promise<RowSource> {
  const { layout, orient, notes } = await readingOf(text, asked)
  return {
    name: text.name,
    format: 'json',
    totalRows: null,
    totalBytes: text.size,
    columns: layout.kind === 'columns' ? layout.columns : null,
    ...(orient && { reading: { orient } }),
    notes,
    encoding: text.encoding,
    rows: (request) =>
      layout.kind === 'columns' ? rowsByColumn(text, layout.columns, request) : rowsIn(text, layout),
  }
}

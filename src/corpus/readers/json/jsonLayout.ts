import type { FileReading } from '../../../core/corpus/corpusService'
import { parsePythonJson } from '../../../core/pythonJson'
import type { JsonMember } from './jsonElements'

/** Says where the rows of a JSON document are. */
export type JsonLayout =
  | {
      readonly kind: 'rows'
      /** Name of the outermost object's value that holds them; null: the outermost array or object itself. */
      readonly member: string | null
      /** Names of the fields of rows that are arrays. */
      readonly fields?: readonly string[]
      /** True if each row is in a field `row`, as in the data sets server's answers. */
      readonly wrapped?: boolean
    }
  /** Holds several objects, one after another, each of which is a row. */
  | { readonly kind: 'documents' }
  /** Holds the values of one column in each value of the outermost object. */
  | { readonly kind: 'columns'; readonly columns: readonly string[] }

export interface JsonReading {
  readonly layout: JsonLayout
  /** Present if the other reading is possible, too. */
  readonly orient?: FileReading['orient']
  readonly notes: readonly string[]
}

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/** Parses the beginning of a document without what is cut off at its end. Undefined if it is damaged. */
export function parseHead(head: string): unknown {
  const open: string[] = []
  let whole = ''
  let inString = false
  for (let i = 0; i < head.length; i++) {
    const char = head[i]
    if (inString) {
      if (char === '\\') i++
      else if (char === '"') inString = false
    } else if (char === '"') {
      inString = true
    } else if (char === '{' || char === '[') {
      open.push(char)
    } else if (char === '}' || char === ']') {
      open.pop()
      if (open.length === 0) return parsed(head.slice(0, i + 1))
      whole = cutAt(i + 1)
    } else if (char === ',') {
      whole = cutAt(i)
    }
  }
  function cutAt(end: number): string {
    return `${end} ${open
      .map((bracket) => CLOSERS[bracket])
      .reverse()
      .join('')}`
  }
  const [end, closers] = whole.split(' ')
  return whole === '' ? undefined : parsed(head.slice(0, Number(end)) + closers)
}

function parsed(json: string): unknown {
  try {
    return parsePythonJson(json)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isWholeNumber = (name: string) => /^\d+$/.test(name)

const numbered = (rows: readonly unknown[]) =>
  Array.from(
    { length: Math.max(0, ...rows.map((row) => (Array.isArray(row) ? row.length : 0))) },
    (_, i) => `column ${i + 1}`,
  )

const arraysIn = (rows: readonly unknown[]) => rows.length > 0 && rows.every((row) => Array.isArray(row))

/**
 * Finds the rows of a document: in any of pandas' orientations (records, index, values, split, table, columns), lists
 * by column, an answer of the data sets server, or an array somewhere in an object.
 *
 * @param head the parsed beginning
 * @param members all values of the outermost object that are arrays or objects; empty for an array
 * @param orient as asked
 */
export function jsonLayout(
  head: unknown,
  members: readonly JsonMember[],
  orient: FileReading['orient'],
): JsonReading {
  if (!isObject(head)) {
    const rows = Array.isArray(head) ? head : []
    const fields = arraysIn(rows) ? { fields: numbered(rows) } : {}
    return { layout: { kind: 'rows', member: null, ...fields }, notes: [] }
  }
  const arrays = members.filter(({ bracket }) => bracket === '[').map(({ name }) => name)
  if (arrays.length > 0) return arraysLayout(head, arrays, orient)
  const named = members.map(({ name }) => name)
  const byColumn = named.length > 0 && (orient ? orient === 'columns' : isByColumn(head, named))
  return {
    layout: byColumn ? { kind: 'columns', columns: named } : { kind: 'rows', member: null },
    ...(named.length > 0 && { orient: byColumn ? 'columns' : 'rows' }),
    notes: [
      ...(orient === undefined && isAmbiguous(head, named) ? [ambiguity(byColumn)] : []),
      ...deeperRows(objectsIn(head, named), named),
    ],
  }
}

const ambiguity = (byColumn: boolean) =>
  byColumn
    ? 'Its objects are read as columns, but may be rows (in the command: --orient rows).'
    : 'Its objects are read as rows, but may be columns (in the command: --orient columns).'

function arraysLayout(
  head: Readonly<Record<string, unknown>>,
  arrays: readonly string[],
  orient: FileReading['orient'],
): JsonReading {
  const elements = (name: string): readonly unknown[] => {
    const value = Object.hasOwn(head, name) ? head[name] : undefined
    return Array.isArray(value) ? value : []
  }
  const rows = (member: string, more = {}): JsonReading => ({
    layout: { kind: 'rows', member, ...more },
    notes: [`Its rows are those of “${member}”.`],
  })
  const [first] = elements('rows')
  if (isObject(first) && isObject(first.row) && 'row_idx' in first) return rows('rows', { wrapped: true })
  if (arrays.includes('columns') && arrays.includes('data') && !elements('data').some(isObject)) {
    return rows('data', { fields: elements('columns').map(String) })
  }
  const ofObjects = arrays.find((name) => elements(name).some(isObject))
  if (ofObjects !== undefined) return rows(ofObjects)
  const ofRows = arrays.find((name) => arraysIn(elements(name)))
  if (ofRows !== undefined) return rows(ofRows, { fields: numbered(elements(ofRows)) })
  if (arrays.length === 1) return rows(arrays[0])
  if (orient === 'rows') return { ...rows(arrays[0]), orient }
  return { layout: { kind: 'columns', columns: arrays }, orient: 'columns', notes: [] }
}

const typesOf = (value: Readonly<Record<string, unknown>>) =>
  new Set(
    Object.values(value).flatMap((one) => (one === null ? [] : [Array.isArray(one) ? 'array' : typeof one])),
  )

type Fields = Readonly<Record<string, unknown>>

const objectsIn = (head: Fields, names: readonly string[]): Fields[] =>
  names.flatMap((name) => {
    const value = Object.hasOwn(head, name) ? head[name] : undefined
    return isObject(value) ? [value] : []
  })

/** Says which value, within an object of the outermost one, holds rows that are not read: they lie too deep. */
function deeperRows(seen: readonly Fields[], names: readonly string[]): string[] {
  const keys = seen.flatMap((value) => Object.keys(value))
  // Objects with the same fields are rows or columns themselves.
  if (seen.length !== names.length || new Set(keys).size < keys.length) return []
  const holdsObjects = (value: unknown) => Array.isArray(value) && value.some(isObject)
  const path = seen.flatMap((value, i) => {
    const inner = Object.keys(value).find((name) => holdsObjects(value[name]))
    if (inner !== undefined) return [[names[i], inner]]
    const values = Object.values(value)
    return values.length > 0 && values.every(isObject) ? [[names[i]]] : []
  })[0]
  if (!path) return []
  const inPython = path.map((name) => `[${JSON.stringify(name)}]`).join('')
  return [
    `The objects in “${path.join('.')}” are not read as rows: write them as a file of their own, in Python: json.dump(json.load(file)${inPython}, other).`,
  ]
}

/** Says whether the names on one side are numbers of rows, so that those on the other side are the columns. */
function numberedSide(seen: readonly Fields[], names: readonly string[]): 'outer' | 'inner' | null {
  const outer = names.every(isWholeNumber)
  const inner = seen.every((value) => Object.keys(value).every(isWholeNumber))
  if (outer === inner) return null
  return inner ? 'inner' : 'outer'
}

/** Says whether objects in an object could be columns as well as rows: neither side is numbered, and both are full. */
function isAmbiguous(head: Fields, names: readonly string[]): boolean {
  const seen = objectsIn(head, names)
  if (seen.length === 0 || Object.values(head).some((value) => !isObject(value))) return false
  const keys = seen.map((value) => Object.keys(value).join('\n'))
  return numberedSide(seen, names) === null && new Set(keys.slice(0, -1)).size <= 1
}

/** Says whether the objects in an object are columns (pandas: `columns`, by row label) and not rows (`index`). */
function isByColumn(head: Fields, names: readonly string[]): boolean {
  const seen = objectsIn(head, names)
  if (seen.length === 0 || Object.values(head).some((value) => !isObject(value))) return false
  const numbered = numberedSide(seen, names)
  if (numbered !== null) return numbered === 'inner'
  const types = seen.map(typesOf)
  if (types.some(({ size }) => size > 1)) return false
  if (new Set(types.flatMap((of) => [...of])).size > 1) return true
  return Object.keys(seen[0]).length > names.length
}

import Papa from 'papaparse'
import { parsePythonJson } from '../../core/pythonJson'
import { isArrayRow } from './encoding/lineRows'
import { parseHead } from './json/jsonLayout'

export type TextFormat = 'csv' | 'tsv' | 'jsonl' | 'json' | 'txt'

const BY_EXTENSION: Readonly<Record<string, TextFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  txt: 'txt',
  text: 'txt',
}

/** Returns the value of one line; undefined if it is none. */
function parsedLine(line: string): unknown {
  try {
    return parsePythonJson(line)
  } catch {
    return undefined
  }
}

/** Recognizes JSON as one document (or several over many lines) or as one value per line; null if it is neither. */
function jsonFormat(head: string): 'json' | 'jsonl' | null {
  const text = head.trim()
  if (text[0] !== '{' && text[0] !== '[') return null
  const [first, second] = text.split('\n').filter((line) => line.trim() !== '')
  if (second === undefined) return 'json'
  const value = parsedLine(first)
  if (text[0] === '{') return value === undefined ? 'json' : 'jsonl'
  return isArrayRow(value) && second.trimStart()[0] === '[' ? 'jsonl' : 'json'
}

/** Says whether the first value of JSON is whole or cut off by the end of the head, but goes over several lines. */
const isOverLines = (head: string) =>
  head.trim().includes('\n') && jsonFormat(head) === 'json' && parseHead(head) !== undefined

/** Says whether the first lines have equally many fields, two or more. */
function isTable(head: string, delimiter: string): boolean {
  const { data, errors } = Papa.parse<string[]>(head, { delimiter, newline: '\n', preview: 10 })
  return errors.length === 0 && data.length > 1 && data[0].length > 1
    ? data.every((fields) => fields.length === data[0].length)
    : false
}

function formatOfContent(head: string): TextFormat {
  const json = jsonFormat(head)
  if (json) return json
  const whole = head.slice(0, head.lastIndexOf('\n'))
  if (isTable(whole, '\t')) return 'tsv'
  return isTable(whole, ',') || isTable(whole, ';') ? 'csv' : 'txt'
}

/** Returns the format of a text file, by the extension of its name, else by its beginning. */
export function inferFormat(name: string, head: string): TextFormat {
  const extension = /\.([^.]+)$/.exec(name)?.[1].toLowerCase()
  const named = extension === undefined ? undefined : BY_EXTENSION[extension]
  if (named === undefined) return formatOfContent(head)
  // The two are named after each other more often than not.
  if (named === 'json') return jsonFormat(head) ?? 'json'
  if (named === 'jsonl') {
    return head.trimStart()[0] === '[' ? (jsonFormat(head) ?? 'json') : isOverLines(head) ? 'json' : 'jsonl'
  }
  return named
}

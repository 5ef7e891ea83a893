import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, openAsBlob, statSync } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fail } from '../core/failure'
import { chooseColumn } from '../corpus/readers/chooseColumn'
import { type CorpusReader, createCorpusReader, type TextBatch } from '../corpus/readers/corpusReader'
import { openFile } from '../corpus/readers/openFile'
import type { Environment } from './environment'
import { UsageError } from './exitCodes'

export const STDIN = '-'
export const INPUT_FORMATS = ['csv', 'tsv', 'jsonl', 'json', 'txt', 'parquet'] as const
export type InputFormat = (typeof INPUT_FORMATS)[number]

export interface InputOptions {
  /** Files, in this order; `-` is standard input. */
  readonly paths: readonly string[]
  /** Null: the likely one. */
  readonly column: string | null
  /** Of standard input; null: known by how it begins. */
  readonly format: InputFormat | null
  /** Where standard input is kept while it is read: it is read more than once. */
  readonly spool: string
  readonly signal: AbortSignal
}

export interface CorpusInput {
  readonly reader: CorpusReader
  readonly name: string
  /** Of the bytes of all files, one after the other. */
  readonly sha256: string
}

interface InputFile {
  readonly path: string
  readonly name: string
}

async function spooled({ stdin }: Environment, { spool, format }: InputOptions): Promise<InputFile> {
  if (stdin.isTTY) {
    throw new UsageError('Standard input is a terminal.', 'Name a file, or pipe one into the command.')
  }
  await pipeline(stdin, createWriteStream(spool))
  return { path: spool, name: format === null ? 'stdin' : `stdin.${format}` }
}

function fileAt(path: string): InputFile {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) fail('missing-file', `There is no file ${path}.`)
  if (stats.isDirectory()) {
    fail('invalid-request', `${path} is a folder.`, { advice: 'Name the files in it.' })
  }
  return { path, name: basename(path) }
}

/** Several readers as one: rows are counted on. */
function chained(readers: readonly CorpusReader[]): CorpusReader {
  if (readers.length === 1) return readers[0]
  const [first] = readers
  const sum = (values: readonly (number | null)[]) =>
    values.reduce<number | null>(
      (total, value) => (total === null || value === null ? null : total + value),
      0,
    )

  async function* batches(): AsyncGenerator<TextBatch> {
    let rows = 0
    let bytes = 0
    for (const reader of readers) {
      const [firstRow, firstByte] = [rows, bytes]
      for await (const { texts, bytesRead } of reader.batches()) {
        rows += texts.length
        bytes = firstByte + bytesRead
        yield { texts: texts.map(({ row, text }) => ({ row: firstRow + row, text })), bytesRead: bytes }
      }
    }
  }

  return {
    ...first,
    name: readers.map(({ name }) => name).join(', '),
    totalRows: sum(readers.map(({ totalRows }) => totalRows)),
    totalBytes: sum(readers.map(({ totalBytes }) => totalBytes)),
    notes: readers.flatMap(({ notes }) => notes),
    batches,
    malformed: () => {
      const reports = readers.map((reader) => ({ name: reader.name, ...reader.malformed() }))
      return {
        rows: reports.flatMap(({ name, rows }) =>
          rows.map(({ line, reason }) => ({ line, reason: `${name}: ${reason}` })),
        ),
        total: reports.reduce((total, report) => total + report.total, 0),
      }
    },
  }
}

/**
 * Opens the texts of a run.
 *
 * @throws FailureError of the readers, or UsageError
 */
export async function openInput(options: InputOptions, environment: Environment): Promise<CorpusInput> {
  const { paths, column, signal } = options
  if (paths.filter((path) => path === STDIN).length > 1) {
    throw new UsageError('Standard input can be read once.')
  }
  const readers: CorpusReader[] = []
  const hash = createHash('sha256')
  for (const path of paths) {
    const file = path === STDIN ? await spooled(environment, options) : fileAt(path)
    for await (const chunk of createReadStream(file.path)) hash.update(chunk)
    const rows = await openFile(await openAsBlob(file.path), file.name)
    readers.push(createCorpusReader(rows, await chooseColumn(rows, column), signal))
  }
  const reader = chained(readers)
  return { reader, name: reader.name.slice(0, 1000), sha256: hash.digest('hex') }
}

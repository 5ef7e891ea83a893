import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, openAsBlob, statSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { FileReading } from '../../core/corpus/corpusService'
import type { CorpusOrigin } from '../../core/corpus/run'
import { FailureError, fail } from '../../core/failure'
import { DATASETS_SERVER } from '../../corpus/hub/datasetRequest'
import { DEFAULT_SPLIT, readHubDataset } from '../../corpus/hub/hubDataset'
import { chooseColumn, chooseLabelColumn } from '../../corpus/readers/chooseColumn'
import { type CorpusReader, createCorpusReader, type TextBatch } from '../../corpus/readers/corpusReader'
import { openFile } from '../../corpus/readers/openFile'
import type { Environment } from '../environment'
import { UsageError } from '../exitCodes'

export const STDIN = '-'
export const INPUT_FORMATS = ['csv', 'tsv', 'jsonl', 'json', 'txt', 'parquet'] as const
export type InputFormat = (typeof INPUT_FORMATS)[number]

export interface InputOptions {
  /** Files, in this order; `-` is standard input. Empty if a data set is read. */
  readonly paths: readonly string[]
  /** Data set of the Hub: `owner/name`, or `owner/name:configuration`. */
  readonly dataset?: string
  /** Split of the data set. */
  readonly split?: string
  /** Column; null: the likely one. */
  readonly column: string | null
  /** Column with the labels; null: none. */
  readonly labelColumn: string | null
  /** Reading of files that do not define it themselves. */
  readonly reading?: FileReading
  /** Format of standard input; null: detected from its beginning. */
  readonly format: InputFormat | null
  /** Folder for standard input, and for unpacked files, while they are read: they are read more than once. */
  readonly spool: string
  readonly signal: AbortSignal
}

export interface CorpusInput {
  readonly reader: CorpusReader
  readonly name: string
  readonly kind: CorpusOrigin['kind']
  /** sha256 of the bytes of all files, one after the other, before unpacking; null for a data set. */
  readonly sha256: string | null
  /** Identifies the texts: the hash, or the data set and its table. */
  readonly identity: string
}

interface InputFile {
  readonly path: string
  readonly name: string
}

async function spooled({ stdin }: Environment, { spool, format }: InputOptions): Promise<InputFile> {
  if (stdin.isTTY) {
    throw new UsageError('Standard input is a terminal.', 'Name a file, or pipe one into the command.')
  }
  await mkdir(spool, { recursive: true })
  const path = join(spool, 'stdin')
  await pipeline(stdin, createWriteStream(path))
  return { path, name: format === null ? 'stdin' : `stdin.${format}` }
}

const GZIP_MAGIC = [0x1f, 0x8b]

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const head = new Uint8Array(GZIP_MAGIC.length)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return bytesRead === head.length && GZIP_MAGIC.every((byte, i) => head[i] === byte)
  } finally {
    await handle.close()
  }
}

/** Returns the file inside a gzip file, detected by its first bytes; any other file unchanged. */
async function unpacked(file: InputFile, { spool, signal }: InputOptions, index: number): Promise<InputFile> {
  if (!(await isGzip(file.path))) return file
  await mkdir(spool, { recursive: true })
  const path = join(spool, String(index))
  try {
    await pipeline(createReadStream(file.path), createGunzip(), createWriteStream(path), { signal })
  } catch (cause) {
    signal.throwIfAborted()
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (!code.startsWith('Z_')) throw cause
    throw new FailureError(
      {
        kind: 'damaged-file',
        message: `${file.name} cannot be unpacked: it is cut short or damaged.`,
        kept: 'Nothing of it was read.',
        advice: 'Fetch or pack it again.',
      },
      { cause },
    )
  }
  return { path, name: file.name.replace(/\.gz$/i, '') }
}

function fileAt(path: string): InputFile {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) fail('missing-file', `There is no file ${path}.`)
  if (stats.isDirectory()) {
    fail('invalid-request', `${path} is a folder.`, { advice: 'Name the files in it.' })
  }
  return { path, name: basename(path) }
}

/** Joins several readers to one: row numbers continue. */
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
        yield { texts: texts.map((text) => ({ ...text, row: firstRow + text.row })), bytesRead: bytes }
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
        missing: reports.reduce((total, report) => total + report.missing, 0),
      }
    },
  }
}

/** Opens a data set through the Hub's own server, or one with the same paths. */
async function openDataset(
  dataset: string,
  { split = DEFAULT_SPLIT, column, labelColumn, signal }: InputOptions,
  { env }: Environment,
): Promise<CorpusInput> {
  const base = (env.RIPPLESCOPE_DATASETS_SERVER || DATASETS_SERVER).replace(/\/+$/, '')
  const reader = await readHubDataset(dataset, { base, split, column, labelColumn, signal })
  return {
    reader,
    name: reader.name.slice(0, 1000),
    kind: 'hub',
    sha256: null,
    identity: `${dataset} ${split}`,
  }
}

/** Distinguishes texts that are read from the same bytes in other ways. */
function identityOf(sha256: string, reading: FileReading = {}): string {
  const asked = JSON.stringify(reading)
  return asked === '{}' ? sha256 : `${sha256} ${asked}`
}

/**
 * Opens the texts of a run.
 *
 * @throws FailureError of the readers, or UsageError
 */
export async function openInput(options: InputOptions, environment: Environment): Promise<CorpusInput> {
  const { paths, dataset, column, labelColumn, signal } = options
  if (dataset !== undefined) return openDataset(dataset, options, environment)
  if (paths.filter((path) => path === STDIN).length > 1) {
    throw new UsageError('Standard input can be read once.')
  }
  const readers: CorpusReader[] = []
  const hash = createHash('sha256')
  for (const [index, path] of paths.entries()) {
    const given = path === STDIN ? await spooled(environment, options) : fileAt(path)
    for await (const chunk of createReadStream(given.path)) hash.update(chunk)
    const file = await unpacked(given, options, index)
    const rows = await openFile(await openAsBlob(file.path), file.name, options.reading)
    const labels = await chooseLabelColumn(rows, labelColumn)
    readers.push(createCorpusReader(rows, await chooseColumn(rows, column), signal, labels))
  }
  const reader = chained(readers)
  const sha256 = hash.digest('hex')
  return {
    reader,
    name: reader.name.slice(0, 1000),
    kind: 'file',
    sha256,
    identity: identityOf(sha256, options.reading),
  }
}

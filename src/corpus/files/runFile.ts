import { unzipSync, zipSync } from 'fflate'
import * as v from 'valibot'
import { emptyTables, everyTable } from '../../core/corpus/records/recordBuilder'
import {
  type RecordTable,
  TABLES,
  type TableName,
  tableSchemas,
  tablesOf,
} from '../../core/corpus/records/records'
import type { CorpusRun, TokenNames } from '../../core/corpus/run'
import { sha256Hex } from '../../core/digest'
import { damaged, MAX_FILE_BYTES, MAX_UNPACKED_BYTES, notARun, orDamaged, tooLarge } from './damagedRun'
import { formatFigures, parseFigures, type ShippedFigures } from './figuresFile'
import { parseJsonRun } from './jsonRun'
import { readParquetTable, writeParquetTable } from './parquetTable'
import { CSV_TABLE_FILES, readCsvRun } from './readCsvRun'
import {
  FORMAT,
  parseRunJson,
  runHeaderSchema,
  runStatusSchema,
  tokenNamesSchema,
  VERSION,
} from './runHeaderSchema'
import { COUNTS_SCHEMA, checkSize, checkTables, countsTable, tokenCountsOf } from './tableChecks'

/** Holds a run as its file does, with its figures and token names if it has them. */
export interface RunFile extends CorpusRun {
  readonly figures: ShippedFigures | null
  readonly tokenNames: TokenNames | null
}

const MANIFEST = 'run.json'
const FIGURES = 'figures.json'
const NAMES = 'tokens.json'
const COUNTS = 'counts'
const fileName = (table: string) => `${table}.parquet`
const TABLE_FILES = [COUNTS, ...TABLES].map(fileName)

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  status: runStatusSchema,
  header: runHeaderSchema,
  /** Number of rows of each table. */
  rows: v.strictObject({ counts: count, ...everyTable(() => count), losses: v.exactOptional(count) }),
  /** sha256 of the other files, by name. */
  files: v.record(v.string(), v.string()),
})

const sha256 = (bytes: Uint8Array) => sha256Hex(Uint8Array.from(bytes))

/** Zips files; the same files always give the same bytes. */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync({ ...files }, { level: 6, mtime: new Date(1980, 0, 1) })
}

/**
 * Writes a run as a zip (`ripplescope-run`) that `readRunFile` opens again and other tools read: one Parquet file per
 * table, the counts as another, `run.json` with header and checksums, `figures.json` if figures are given, and
 * `tokens.json` with the names of its tokens.
 */
export async function writeRunFile(
  run: CorpusRun,
  figures: ShippedFigures | null = null,
  tokenNames: TokenNames | null = null,
): Promise<Uint8Array> {
  const { header, counts, tables, status } = run
  const schemas = tableSchemas(header.layers, header.settings)
  const description = JSON.stringify(header)
  const files: Record<string, Uint8Array> = {
    [fileName(COUNTS)]: writeParquetTable(COUNTS_SCHEMA, countsTable(counts), description),
  }
  const written = tablesOf(header.settings)
  for (const table of written) {
    files[fileName(table)] = writeParquetTable(schemas[table], tables[table], description)
  }
  const encoder = new TextEncoder()
  if (figures) files[FIGURES] = encoder.encode(formatFigures(figures))
  if (tokenNames) files[NAMES] = encoder.encode(JSON.stringify(tokenNames))
  const checksums: Record<string, string> = {}
  for (const [name, bytes] of Object.entries(files)) checksums[name] = await sha256(bytes)
  const manifest: v.InferInput<typeof manifestSchema> = {
    format: FORMAT,
    version: VERSION,
    status,
    header,
    rows: rowsOf(run, written),
    files: checksums,
  }
  return zipFiles({ [MANIFEST]: encoder.encode(`${JSON.stringify(manifest, null, 2)}\n`), ...files })
}

const rowsOf = ({ counts, tables }: CorpusRun, written: readonly TableName[]) => {
  const { losses, ...rows } = everyTable((table) => tables[table].rows)
  return { counts: counts.tokenIds.length, ...rows, ...(written.includes('losses') && { losses }) }
}

/** Unpacks the files of a run's zip; others are skipped. fflate unpacks no more of a file than it declares. */
function unpack(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  let total = 0
  return unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (![MANIFEST, FIGURES, NAMES, ...TABLE_FILES, ...CSV_TABLE_FILES].includes(name)) return false
      total += originalSize
      if (total > MAX_UNPACKED_BYTES) tooLarge(total, MAX_UNPACKED_BYTES)
      return true
    },
  })
}

async function readZip(bytes: Uint8Array): Promise<RunFile> {
  const files = await orDamaged('it cannot be unpacked', () => unpack(bytes))
  if (!files[MANIFEST]) return notARun(`it has no ${MANIFEST}`)
  const decoder = new TextDecoder()
  const tokenNames = files[NAMES] ? parseNames(decoder.decode(files[NAMES])) : null
  if (CSV_TABLE_FILES.some((name) => name in files)) {
    return { ...readCsvRun(files, decoder.decode(files[MANIFEST])), figures: null, tokenNames }
  }
  const {
    header,
    status,
    rows,
    files: checksums,
  } = parseRunJson(decoder.decode(files[MANIFEST]), manifestSchema)
  const written = tablesOf(header.settings)
  for (const name of [COUNTS, ...written].map(fileName)) if (!files[name]) damaged(`${name} is missing`)
  for (const name of [FIGURES, NAMES]) if (name in checksums && !files[name]) damaged(`${name} is missing`)
  for (const [name, content] of Object.entries(files)) {
    if (name !== MANIFEST && checksums[name] !== (await sha256(content))) damaged(`${name} was changed`)
  }
  const schemas = { ...tableSchemas(header.layers, header.settings), counts: COUNTS_SCHEMA }
  checkSize(
    ([COUNTS, ...written] as const).map((table) => ({ rows: rows[table] ?? 0, schema: schemas[table] })),
  )
  const read = (table: keyof typeof schemas): Promise<RecordTable> => {
    return readParquetTable(files[fileName(table)], { table, schema: schemas[table], rows: rows[table] ?? 0 })
  }
  const counts = tokenCountsOf(await read(COUNTS))
  const tables = {
    sequences: await read('sequences'),
    occurrences: await read('occurrences'),
    perturbations: await read('perturbations'),
    pairs: await read('pairs'),
    readings: await read('readings'),
    losses: written.includes('losses')
      ? await read('losses')
      : emptyTables(header.layers, header.settings).losses,
  }
  checkTables(tables, header)
  const figures = files[FIGURES] ? parseFigures(decoder.decode(files[FIGURES])) : null
  return { header, status, counts, tables, figures, tokenNames }
}

function parseNames(text: string): TokenNames {
  try {
    return v.parse(tokenNamesSchema, JSON.parse(text))
  } catch {
    return damaged(`${NAMES} holds no names of tokens`)
  }
}

const ZIP_MAGIC = 'PK\x03\x04'
const PARQUET_MAGIC = 'PAR1'

/**
 * Opens a run from its file: the zip of `writeRunFile`, or the JSON or the zip of CSV of `writeRecords`. Values come back
 * bit for bit (NaN as the one NaN of JavaScript).
 *
 * @throws FailureError `damaged-file`: no run, damaged, incomplete, of a newer version, or too large (256 MiB packed,
 * 1 GiB unpacked)
 */
export async function readRunFile(blob: Blob): Promise<RunFile> {
  if (blob.size === 0) notARun('it is empty')
  if (blob.size > MAX_FILE_BYTES) tooLarge(blob.size, MAX_FILE_BYTES)
  const head = await blob.slice(0, 64).text()
  if (head.startsWith(ZIP_MAGIC)) return readZip(new Uint8Array(await blob.arrayBuffer()))
  if (/^\s*\{/.test(head)) return { ...parseJsonRun(await blob.text()), figures: null }
  if (head.startsWith(PARQUET_MAGIC)) notARun('it is a single table of Parquet')
  return notARun('it begins with other bytes')
}

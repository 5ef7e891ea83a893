import { openAsBlob } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { learnedSequences } from '../../core/corpus/learnedSequences'
import type { RecordTables } from '../../core/corpus/records/records'
import type { RunHeader, TokenCounts } from '../../core/corpus/run'
import { FailureError, fail, failureOf } from '../../core/failure'
import { readParquetTable, writeParquetTable } from '../../corpus/files/parquetTable'
import { readRunFile, writeRunFile } from '../../corpus/files/runFile'
import { runHeaderSchema } from '../../corpus/files/runHeaderSchema'
import { COUNTS_SCHEMA, countsTable, tokenCountsOf } from '../../corpus/files/tableChecks'
import type { NewRun } from '../../corpus/run/newRun'
import type { CorpusText } from '../../corpus/run/textBatches'
import { removeTemporaries, writeAtomically } from '../atomicFile'

const FORMAT = 'ripplescope-run-folder'
const VERSION = 1

/** Name of the file that is written last when a run begins: a folder without it has not begun. */
const MANIFEST = 'run.json'
const COUNTS = 'counts.parquet'
const TEXTS = 'texts.jsonl'
/** Texts that maps are learned from, in every shard the same; absent without. */
const LEARNED = 'learned.jsonl'
const VOCABULARY = 'vocabulary.json'
const BATCHES = 'batches'
const BATCH_NAME = /^(\d{6,})\.zip$/

/** Holds the sequences of the sample that a folder measures: all of them, or those of a shard. `end` is exclusive. */
export interface RunPart {
  readonly first: number
  readonly end: number
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  header: runHeaderSchema,
  part: v.strictObject({ first: count, end: count }),
  /** Number of rows of `counts.parquet`. */
  counts: count,
})

const vocabularySchema = v.array(v.string())
const textSchema = v.strictObject({ row: count, text: v.string(), label: v.exactOptional(v.string()) })

const NO_COUNTS: TokenCounts = { tokenIds: new Uint32Array(), counts: new Uint32Array() }

/** Stores a run in a folder: its start data, and one file per batch, each complete or absent. */
export interface RunFolder {
  readonly path: string
  readonly header: RunHeader
  readonly part: RunPart
  /** Returns the indices of the batches that are measured, ascending. */
  batchIndices(): Promise<readonly number[]>
  readBatch(index: number): Promise<RecordTables>
  /** Writes a batch; one of the same index is replaced. */
  writeBatch(index: number, tables: RecordTables): Promise<void>
  counts(): Promise<TokenCounts>
  /** Returns the model's vocabulary entries, by id. */
  vocabulary(): Promise<readonly string[]>
  /** Returns the text of a sequence; null if the folder neither measures it nor learns from it. */
  text(sequence: number): Promise<CorpusText | null>
  /** Closes open files; the folder can be used again. */
  close(): Promise<void>
}

function damagedFolder(path: string, what: string): never {
  return fail('damaged-file', `${path} is damaged: ${what}.`, {
    advice: 'Remove it and run again.',
  })
}

/** Returns the offsets of the lines of a file: line i is [offsets[i], offsets[i + 1]). */
async function linePlaces(handle: FileHandle): Promise<Float64Array> {
  const starts = [0]
  let offset = 0
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    const bytes: Uint8Array = chunk
    for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) starts.push(offset + i + 1)
    offset += bytes.length
  }
  return Float64Array.from(starts)
}

/** Reads texts, one per line, on demand. */
function createTextFile(path: string) {
  let opened: Promise<{ handle: FileHandle; places: Float64Array }> | null = null
  async function openFile() {
    const handle = await open(path, 'r')
    return { handle, places: await linePlaces(handle) }
  }
  return {
    async line(index: number): Promise<string | null> {
      opened ??= openFile()
      const { handle, places } = await opened
      if (index < 0 || index + 1 >= places.length) return null
      const bytes = new Uint8Array(places[index + 1] - places[index])
      await handle.read(bytes, 0, bytes.length, places[index])
      return new TextDecoder().decode(bytes)
    },
    async close() {
      const was = opened
      opened = null
      await (await was)?.handle.close()
    },
  }
}

const batchName = (index: number) => `${String(index).padStart(6, '0')}.zip`

/** Opens a folder that `createRunFolder` made; null if there is none, or if its making was interrupted. */
export async function openRunFolder(path: string): Promise<RunFolder | null> {
  let json: string
  try {
    json = await readFile(join(path, MANIFEST), 'utf8')
  } catch {
    return null
  }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return damagedFolder(path, `${MANIFEST} is not JSON`)
  }
  const parsed = v.safeParse(manifestSchema, value, { abortEarly: true })
  if (!parsed.success) {
    const [issue] = parsed.issues
    return damagedFolder(path, `${v.getDotPath(issue) ?? 'something'} in ${MANIFEST} is not as it must be`)
  }
  const { header, part, counts: countRows } = parsed.output
  const texts = createTextFile(join(path, TEXTS))
  const learned = createTextFile(join(path, LEARNED))
  const batches = join(path, BATCHES)

  return {
    path,
    header,
    part,
    async batchIndices() {
      const names = await readdir(batches)
      return names
        .flatMap((name) => BATCH_NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b)
    },
    async readBatch(index) {
      const file = join(batches, batchName(index))
      try {
        const { tables, header: of } = await readRunFile(await openAsBlob(file))
        if (of.id !== header.id) damagedFolder(path, `${BATCHES}/${batchName(index)} belongs to another run`)
        return tables
      } catch (thrown) {
        const { kind, message } = failureOf(thrown)
        throw new FailureError(
          {
            kind,
            message: `${file}: ${message}`,
            advice: 'Remove that file and run again to measure it anew.',
          },
          { cause: thrown },
        )
      }
    },
    async writeBatch(index, tables) {
      const bytes = await writeRunFile({ header, counts: NO_COUNTS, tables, status: 'finished' })
      await writeAtomically(join(batches, batchName(index)), [bytes])
    },
    async counts() {
      const bytes = new Uint8Array(await readFile(join(path, COUNTS)))
      return tokenCountsOf(
        await readParquetTable(bytes, { table: 'counts', schema: COUNTS_SCHEMA, rows: countRows }),
      )
    },
    async vocabulary() {
      return v.parse(vocabularySchema, JSON.parse(await readFile(join(path, VOCABULARY), 'utf8')))
    },
    async text(sequence) {
      const inPart = sequence >= part.first && sequence < part.end
      const line = inPart
        ? await texts.line(sequence - part.first)
        : await learned.line(learnedSequences(header).indexOf(sequence))
      if (line === null) return null
      return v.parse(textSchema, JSON.parse(line))
    },
    async close() {
      await texts.close()
      await learned.close()
    },
  }
}

/** Makes a folder for a run, or a part of it, with everything needed to continue it. */
export async function createRunFolder(
  path: string,
  { header, counts, texts }: NewRun,
  { part, vocabulary }: { readonly part: RunPart; readonly vocabulary: readonly string[] },
): Promise<void> {
  await mkdir(join(path, BATCHES), { recursive: true })
  // Batches of a run that was never begun here are none of this one.
  for (const name of await readdir(join(path, BATCHES))) await rm(join(path, BATCHES, name), { force: true })
  const linesOf = function* (some: NewRun['texts']) {
    for (const { row, text, label } of some) yield `${JSON.stringify({ row, text, label })}\n`
  }
  await writeAtomically(join(path, TEXTS), linesOf(texts.slice(part.first, part.end)))
  const learned = learnedSequences(header)
  if (learned.length > 0) {
    await writeAtomically(join(path, LEARNED), linesOf(learned.map((sequence) => texts[sequence])))
  }
  await writeAtomically(join(path, VOCABULARY), [JSON.stringify(vocabulary)])
  await writeAtomically(join(path, COUNTS), [
    writeParquetTable(COUNTS_SCHEMA, countsTable(counts), JSON.stringify(header)),
  ])
  const manifest: v.InferInput<typeof manifestSchema> = {
    format: FORMAT,
    version: VERSION,
    header,
    part,
    counts: counts.tokenIds.length,
  }
  await writeAtomically(join(path, MANIFEST), [`${JSON.stringify(manifest, null, 2)}\n`])
}

/** Removes the files that a killed process left in a folder. */
export async function tidyRunFolder(path: string): Promise<void> {
  await removeTemporaries(path)
  await removeTemporaries(join(path, BATCHES))
}

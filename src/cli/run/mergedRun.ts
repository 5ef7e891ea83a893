import { existsSync, openAsBlob, statSync } from 'node:fs'
import { concatTables, emptyTables } from '../../core/corpus/records/recordBuilder'
import type { RecordTables } from '../../core/corpus/records/records'
import type { CorpusRun, RunHeader, TokenCounts, TokenNames } from '../../core/corpus/run'
import { runTokenNames } from '../../core/corpus/runTokenNames'
import { FailureError, fail, failureOf } from '../../core/failure'
import type { ShippedFigures } from '../../corpus/files/figuresFile'
import { type RunFile, readRunFile } from '../../corpus/files/runFile'
import { SEQUENCES_PER_BATCH } from '../../corpus/run/runner'
import { openRunFolder } from './runFolder'

/** Reads the records of consecutive sequences of a run. */
interface Piece {
  readonly path: string
  /** Indices of the first sequence and, as `end`, of the one after the last. */
  readonly first: number
  readonly end: number
  read(): Promise<RecordTables>
}

interface RunInput {
  readonly path: string
  readonly header: RunHeader
  readonly counts: TokenCounts
  readonly names: TokenNames
  readonly figures: ShippedFigures | null
  readonly pieces: readonly Piece[]
}

/** Holds a run whose records are read piece by piece, in the order of the sample. */
export interface MergedRun {
  readonly header: RunHeader
  readonly counts: TokenCounts
  /** Names of all known tokens, ids ascending. */
  readonly names: TokenNames
  /** Figures of a file that is the whole run; null otherwise. */
  readonly figures: ShippedFigures | null
  /** Number of sequences that were measured. */
  readonly sequences: number
  readonly status: CorpusRun['status']
  pieces(): AsyncGenerator<RecordTables>
}

async function openFolder(path: string): Promise<RunInput> {
  const folder = await openRunFolder(path)
  if (!folder) {
    return fail('invalid-request', `${path} is not a folder of \`ripplescope run\`.`, {
      advice: 'Name what --out was.',
    })
  }
  const { header, part } = folder
  const indices = await folder.batchIndices()
  return {
    path,
    header,
    counts: await folder.counts(),
    names: [...(await folder.vocabulary()).entries()],
    figures: null,
    pieces: indices.map((index) => ({
      path,
      first: index * SEQUENCES_PER_BATCH,
      end: Math.min((index + 1) * SEQUENCES_PER_BATCH, part.end),
      read: () => folder.readBatch(index),
    })),
  }
}

async function openFile(path: string): Promise<RunInput> {
  try {
    const { header, counts, tables, tokenNames, figures } = await readRunFile(await openAsBlob(path))
    const { sequence } = tables.sequences.columns
    const pieces: Piece[] = []
    const read = async () => tables
    if (sequence.length > 0) {
      const [first, last] = [sequence[0], sequence[sequence.length - 1]]
      if (last - first + 1 !== sequence.length) {
        fail('damaged-file', 'Its sequences are not consecutive.')
      }
      pieces.push({ path, first, end: last + 1, read })
    }
    return { path, header, counts, names: tokenNames ?? [], figures, pieces }
  } catch (thrown) {
    const { kind, message } = failureOf(thrown)
    throw new FailureError({ kind, message: `${path}: ${message}` }, { cause: thrown })
  }
}

async function openInput(path: string): Promise<RunInput> {
  if (!existsSync(path)) fail('missing-file', `There is no file or folder ${path}.`)
  return statSync(path).isDirectory() ? openFolder(path) : openFile(path)
}

/**
 * Says whether two parts belong to one run. Each shard counts the whole corpus: if the counts differ, the data set was
 * changed between them.
 */
function isSameRun(a: RunHeader, b: RunHeader): boolean {
  const identity = ({ id, sampled, corpus }: RunHeader) =>
    JSON.stringify([id, sampled, corpus.rows, corpus.skipped, corpus.tokens])
  return identity(a) === identity(b)
}

/** Returns the header of the whole run: the earliest start, and all devices that measured. */
function sharedHeader(inputs: readonly RunInput[]): RunHeader {
  const [{ header, path }, ...others] = inputs
  for (const other of others) {
    if (isSameRun(other.header, header)) continue
    fail('invalid-request', `${path} and ${other.path} are not parts of one run.`, {
      advice: 'Merge shards of the same texts, model and settings.',
    })
  }
  const startedAt = inputs.map((input) => input.header.startedAt).sort()[0]
  const devices = [...new Set(inputs.map((input) => input.header.provenance.device))].sort()
  return { ...header, startedAt, provenance: { ...header.provenance, device: devices.join(' and ') } }
}

function sharedNames(inputs: readonly RunInput[]): TokenNames {
  const names = new Map(inputs.flatMap((input) => input.names))
  return [...names].sort(([a], [b]) => a - b)
}

const inWords = (first: number, end: number) =>
  end - first === 1 ? `text ${first}` : `texts ${first} to ${end - 1}`

/**
 * Joins the shards of a run, in whatever order they are named.
 *
 * @param paths folders of `ripplescope run`, or files of runs
 * @param isPartial whether texts may be missing
 * @throws FailureError where the parts are of different runs, hold a text twice, or lack one
 */
export async function mergeRuns(paths: readonly string[], isPartial: boolean): Promise<MergedRun> {
  const inputs: RunInput[] = []
  for (const path of paths) inputs.push(await openInput(path))
  const header = sharedHeader(inputs)
  const pieces = inputs.flatMap((input) => input.pieces).sort((a, b) => a.first - b.first)
  let sequences = 0
  let next = 0
  for (const { first, end, path } of pieces) {
    if (first < next) {
      fail('invalid-request', `Text ${first} of the sample is in ${path} and in another part.`, {
        advice: 'Name each part once.',
      })
    }
    if (first > next && !isPartial) missing(next, first)
    sequences += end - first
    next = end
  }
  if (next < header.sampled && !isPartial) missing(next, header.sampled)
  return {
    header,
    counts: inputs[0].counts,
    names: sharedNames(inputs),
    figures: inputs.length === 1 ? inputs[0].figures : null,
    sequences,
    status: sequences === header.sampled ? 'finished' : 'cancelled',
    async *pieces() {
      for (const piece of pieces) yield await piece.read()
    },
  }
}

function missing(first: number, end: number): never {
  fail('invalid-request', `${inWords(first, end)} of the sample are in no part.`.replace(/^t/, 'T'), {
    advice: 'Finish the shard that measures them, or merge what there is with --partial.',
  })
}

/** Returns a merged run as a whole, in memory. */
export async function runOfPieces({
  header,
  counts,
  names,
  figures,
  status,
  pieces,
}: MergedRun): Promise<RunFile> {
  const parts: RecordTables[] = []
  for await (const tables of pieces()) parts.push(tables)
  const tables = parts.length > 0 ? concatTables(parts) : emptyTables(header.layers, header.settings)
  const vocabulary: string[] = []
  for (const [id, token] of names) vocabulary[id] = token
  const tokenNames = names.length > 0 ? runTokenNames({ tables, counts }, vocabulary) : null
  return { header, counts, status, tables, tokenNames, figures }
}

import type { CorpusEngine } from '../src/core/corpus/corpusEngine'
import { NONE, type RecordTable, type RecordTables } from '../src/core/corpus/records'
import type { CorpusRun, RunProgress } from '../src/core/corpus/run'
import type { RunSettings } from '../src/core/corpus/runSettings'
import type { CallLimits } from '../src/corpus/measureSequence'
import { measureWhole } from '../src/corpus/measureWhole'
import { createRun } from '../src/corpus/newRun'
import { openCorpus } from '../src/corpus/readers/openCorpus'
import { readSample } from '../src/corpus/readSample'

/** Limits of whole batches, since nobody else waits for the model. */
const LIMITS: CallLimits = { maxTokensPerCall: 4096, maxReadingsPerCall: 64 }

export interface RunFileOptions {
  readonly engine: CorpusEngine
  readonly file: File
  /** Column of the texts; null: the likely one. */
  readonly column: string | null
  readonly settings: RunSettings
  readonly onProgress: (progress: RunProgress) => void
}

/**
 * Runs over one whole file, in memory, as `npm run replicate` does.
 *
 * @throws FailureError of the reader or the engine
 */
export async function runFile({
  engine,
  file,
  column,
  settings,
  onProgress,
}: RunFileOptions): Promise<CorpusRun> {
  const source = { kind: 'file', file, column } as const
  const reader = await openCorpus(source, { base: 'file:///' })
  const { origin, ...sample } = await readSample(reader, {
    source,
    settings,
    engine,
    listener: { progress: onProgress, malformed: () => undefined },
    signal: new AbortController().signal,
    now: () => performance.now(),
  })
  const run = await createRun(engine, {
    id: 'replication',
    settings,
    origin: { ...origin, kind: 'shipped' },
    sample,
  })
  const provenance = { ...run.header.provenance, shipped: true }
  return measureWhole(
    { ...run, header: { ...run.header, provenance } },
    { engine, limits: LIMITS, onProgress },
  )
}

/** Returns rows in the order of `compare`. */
function sorted({ rows, columns }: RecordTable, compare: (a: number, b: number) => number): RecordTable {
  const order = Array.from({ length: rows }, (_, row) => row).sort(compare)
  const arranged = Object.entries(columns).map(([name, values]) => {
    const copy = values.slice()
    for (const [to, from] of order.entries()) copy[to] = values[from]
    return [name, copy] as const
  })
  return { rows, columns: Object.fromEntries(arranged) }
}

/** Returns a table whose rows no longer say where they were, ordered by token and value. */
function withoutPlaces(table: RecordTable, value: string): RecordTable {
  const { rows, columns } = table
  const tokens = columns.token_id
  const values = columns[value]
  const nowhere = {
    ...columns,
    sequence: new Uint32Array(rows).fill(NONE),
    position: new Uint16Array(rows),
  }
  return sorted({ rows, columns: nowhere }, (a, b) => tokens[a] - tokens[b] || values[a] - values[b])
}

/**
 * Removes from the records what texts could be put together from: every occurrence and every reading loses its sequence
 * and position, and their order. What is left of a text are the few positions that were substituted.
 */
export function withoutTexts(tables: RecordTables): RecordTables {
  return {
    ...tables,
    occurrences: withoutPlaces(tables.occurrences, 'shift_l2'),
    readings: withoutPlaces(tables.readings, 'rank_0'),
  }
}

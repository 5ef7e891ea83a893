import { mergeRuns, runOfPieces } from '../src/cli/run/mergedRun'
import { computeFigures } from '../src/core/corpus/figures/computeFigures'
import { NONE, type RecordTable, type RecordTables } from '../src/core/corpus/records/records'
import type { CorpusRun } from '../src/core/corpus/run'
import { NORMS } from '../src/core/measures/norm'
import { type RunFile, readRunFile, writeRunFile } from '../src/corpus/files/runFile'

/**
 * Returns the file that the page ships of a run that `ripplescope run` measured, finished or not: without texts and without
 * what they could be put together from, with the figures that its records do not give again, or only in seconds.
 *
 * @param folder of the run
 * @param id of the run, and the name of its file
 * @returns null where nothing is measured yet
 * @throws FailureError where the folder is damaged
 */
export async function shippedRun(folder: string, id: string): Promise<Uint8Array | null> {
  const { tokenNames, ...run } = await runOfPieces(await mergeRuns([folder], true))
  if (run.tables.sequences.rows === 0) return null
  const { header } = run
  const figures = Object.fromEntries(
    NORMS.map((norm) => {
      const { frequency, commonness, proxies } = computeFigures(run, { norm })
      return [norm, { ...NO_FIGURES, frequency, commonness, proxies }] as const
    }),
  )
  const shipped: CorpusRun = {
    ...run,
    header: {
      ...header,
      id,
      origin: { ...header.origin, kind: 'shipped' },
      provenance: { ...header.provenance, shipped: true },
    },
    tables: withoutTexts(run.tables),
  }
  return writeRunFile(shipped, figures, tokenNames)
}

const NO_FIGURES = {
  frequency: null,
  commonness: null,
  propagation: null,
  identifiability: null,
  effect: null,
  pairs: null,
  perturbations: null,
  proxies: null,
  learned: null,
}

/** Reads a file that the page ships. */
export const readShippedRun = (bytes: Uint8Array): Promise<RunFile> =>
  readRunFile(new Blob([Uint8Array.from(bytes)]))

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

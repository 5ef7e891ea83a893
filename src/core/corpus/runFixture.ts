import { createRecordBuilder, type RecordRow } from './records/recordBuilder'
import { NONE, type TableName, tableSchemas } from './records/records'
import type { CorpusRun, TokenCounts } from './run'
import { DEFAULT_SETTINGS } from './runLink'

export const LAYERS = 2

/** Returns a row with zeros where no value is given. */
export function rowOf(table: TableName, values: RecordRow = {}): RecordRow {
  return { ...Object.fromEntries(tableSchemas(LAYERS)[table].map(({ name }) => [name, 0])), ...values }
}

export function countsOf(counts: Readonly<Record<number, number>>): TokenCounts {
  const ids = Object.keys(counts).map(Number)
  return { tokenIds: Uint32Array.from(ids), counts: Uint32Array.from(ids, (id) => counts[id]) }
}

/** Returns a finished run whose tables hold these rows. */
export function runOf(
  rows: Partial<Record<TableName, readonly RecordRow[]>>,
  counts: TokenCounts = countsOf({ 1: 3, 2: 1 }),
): CorpusRun {
  const builder = createRecordBuilder(LAYERS)
  for (const table of ['sequences', 'occurrences', 'perturbations', 'pairs', 'readings'] as const) {
    for (const row of rows[table] ?? []) builder.add(table, rowOf(table, row))
  }
  return {
    header: {
      id: 'run-1',
      version: 1,
      settings: DEFAULT_SETTINGS,
      origin: { name: 'films.csv', kind: 'file', column: 'text', sha256: null },
      provenance: {
        modelId: 'tiny-bert',
        sha256: '0'.repeat(64),
        precision: 'fp32 weights, fp32 compute',
        device: 'onnxruntime-node',
        shipped: false,
      },
      layers: LAYERS,
      labels: ['negative', 'positive'],
      startedAt: '2026-01-02T03:04:05.678Z',
      corpus: { rows: 10, skipped: 1, tokens: 4 },
      sampled: 8,
    },
    counts,
    tables: builder.build(),
    status: 'finished',
  }
}

/**
 * Returns a run with rows in every table, and the values that are easily lost: NaN, -0, `NONE`, the largest of a type.
 */
export function fullRun(): CorpusRun {
  const occurrence = {
    token_id: 1,
    substitute_id: 2,
    cosine: -0,
    shift_l1: 0.1,
    shift_l2: 1e-30,
    shift_linf: 3e38,
  }
  return runOf({
    sequences: [
      { sequence: 0, row: 9, tokens: 65_535, truncated: 1, label: 255, probability: Number.NaN },
      { sequence: 1, row: NONE, tokens: 2, probability: 0.7 },
    ],
    occurrences: [
      { ...occurrence, sequence: 0, position: 1 },
      { ...occurrence, sequence: 1, position: 2, shift_l2: 0.3, token_id: 2 },
      { ...occurrence, sequence: 1, position: 3, shift_l2: 0.1 },
    ],
    perturbations: [
      { rank: 1, token_id: 1, distance_0: 1 / 3, distance_2: 7, label_after: 1, probability_before: 0.9 },
      {
        rank: 2,
        token_id: 2,
        distance_0: 2 / 3,
        distance_2: 9,
        probability_before: 0.6,
        probability_after: 0.5,
      },
      { perturbation: 4, place: 1, substitute_id: NONE, divergence: Number.NaN },
    ],
    pairs: [{ first_2: 1, second_2: 2, both_2: 4 }],
    readings: [
      { rank_0: 1, rank_1: 2, rank_2: 30_000 },
      { rank_0: 1, rank_1: 1, rank_2: 5 },
    ],
  })
}

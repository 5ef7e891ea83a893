import { concatTables, emptyTables } from '../core/corpus/records/recordBuilder'
import type { RecordTables } from '../core/corpus/records/records'
import type { ColumnSettings } from '../core/corpus/runSettings'

/**
 * Number of first sequences, which are measured in the order of the sample and shown one by one, so that charts come
 * early. Later ones are shown with their batch: no row that was shown ever moves, and no more is copied.
 */
export const FIRST_SEQUENCES = 64

/** Number of forwards behind a row of `pairs`: first, second, both. */
const SUBSTITUTIONS_PER_PAIR = 3

/** Counts some records, as progress reports them. */
export interface Amounts {
  readonly done: number
  readonly tokens: number
  readonly substitutions: number
}

export function amountsOf(tables: RecordTables): Amounts {
  const { sequences, perturbations, pairs } = tables
  let tokens = 0
  for (let row = 0; row < sequences.rows; row++) tokens += sequences.columns.tokens[row]
  return {
    done: sequences.rows,
    tokens,
    substitutions: perturbations.rows + SUBSTITUTIONS_PER_PAIR * pairs.rows,
  }
}

const NOTHING: Amounts = { done: 0, tokens: 0, substitutions: 0 }

const added = (a: Amounts, b: Amounts): Amounts => ({
  done: a.done + b.done,
  tokens: a.tokens + b.tokens,
  substitutions: a.substitutions + b.substitutions,
})

/** Holds what a run has measured so far. */
export interface RunRecords {
  /** Amounts of everything that was measured. */
  readonly amounts: Amounts
  /** Amounts of the complete batches. */
  readonly completeAmounts: Amounts
  /** Adds a sequence of the current batch, as soon as it is measured. */
  addPartial(tables: RecordTables): void
  /** Completes the current batch: its rows in their final order replace its parts. */
  complete(tables: RecordTables): void
  /** Drops the rows of the current batch. */
  dropPartial(): void
  /** Returns rows in their final places; with `all`, also those of a batch that ended before it was complete. */
  tables(options?: { readonly all: boolean }): RecordTables
}

export function createRunRecords(layers: number, settings?: ColumnSettings): RunRecords {
  // Joined when asked for: the parts are dropped then, so that records are in memory once.
  let parts: RecordTables[] = []
  let partial: RecordTables[] = []
  let completeAmounts = NOTHING

  function joined(): RecordTables {
    if (parts.length === 0) return emptyTables(layers, settings)
    if (parts.length > 1) parts = [concatTables(parts)]
    return parts[0]
  }

  return {
    get amounts() {
      return partial.map(amountsOf).reduce(added, completeAmounts)
    },
    get completeAmounts() {
      return completeAmounts
    },
    addPartial(tables) {
      partial.push(tables)
    },
    complete(tables) {
      parts.push(tables)
      completeAmounts = added(completeAmounts, amountsOf(tables))
      partial = []
    },
    dropPartial() {
      partial = []
    },
    tables({ all } = { all: false }) {
      const complete = joined()
      if (partial.length === 0 || (!all && completeAmounts.done >= FIRST_SEQUENCES)) return complete
      return concatTables([complete, ...partial])
    },
  }
}

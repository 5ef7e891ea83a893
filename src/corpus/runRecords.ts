import { concatTables, emptyTables } from '../core/corpus/recordBuilder'
import type { RecordTables } from '../core/corpus/records'

/**
 * The first sequences are measured in the order of the sample and shown one by one, so that charts come with the first
 * of them. Later ones are shown with their batch: no row that was shown ever changes its place, and no more is copied.
 */
export const FIRST_SEQUENCES = 64

/** Forwards behind a row of `pairs`: the one, the other, both. */
const SUBSTITUTIONS_PER_PAIR = 3

/** How much some records hold, as progress tells it. */
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

/** What a run has measured so far. */
export interface RunRecords {
  /** All that was measured. */
  readonly amounts: Amounts
  /** Of the complete batches. */
  readonly completeAmounts: Amounts
  /** A sequence of the batch under way, as it was measured. */
  addPartial(tables: RecordTables): void
  /** The batch under way is complete: its rows in their final order take the place of its parts. */
  complete(tables: RecordTables): void
  /** Drops what the batch under way holds. */
  dropPartial(): void
  /** Rows in their final places; `all`: also those of a batch that ended before it was complete. */
  tables(options?: { readonly all: boolean }): RecordTables
}

export function createRunRecords(layers: number): RunRecords {
  // Joined when asked for: the parts are given up with it, so that records lie in memory once.
  let parts: RecordTables[] = []
  let partial: RecordTables[] = []
  let completeAmounts = NOTHING

  function joined(): RecordTables {
    if (parts.length === 0) return emptyTables(layers)
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

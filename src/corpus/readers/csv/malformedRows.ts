import type { MalformedRow } from '../../../core/corpus/corpusService'

/** Largest number of malformed rows listed with their reasons; the others are counted. */
export const MAX_MALFORMED = 100

export interface MalformedReport {
  /** First malformed rows, in the order of the source. */
  readonly rows: readonly MalformedRow[]
  readonly total: number
  /** Number of those among them whose cell says that its value is missing. */
  readonly missing: number
}

/** Collects the rows that could not be read. */
export class MalformedRows {
  private readonly rows: MalformedRow[] = []
  private total = 0
  private missing = 0

  add(line: number, reason: string, isMissing = false): void {
    this.total++
    if (isMissing) this.missing++
    if (this.rows.length < MAX_MALFORMED) this.rows.push({ line, reason })
  }

  report(): MalformedReport {
    return { rows: [...this.rows], total: this.total, missing: this.missing }
  }
}

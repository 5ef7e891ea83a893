import type { Failure } from '../failure'
import type { PredictionKind } from '../measures/prediction'
import type { Provenance } from '../session/provenance'
import type { RecordTables } from './records/records'
import type { RunSettings } from './runSettings'

/** Names the source of a run's texts, for display and for a link. */
export interface CorpusOrigin {
  /** File name or data set name. */
  readonly name: string
  readonly kind: 'file' | 'hub' | 'bundled' | 'shipped'
  /** Column or field with the texts; null if the format has none. */
  readonly column: string | null
  /** sha256 of the file's bytes; null if the file was too large to hash. */
  readonly sha256: string | null
}

/** Counts each token in the whole corpus, by the model's own tokenizer; special tokens are left out. */
export interface TokenCounts {
  /** Ascending; only tokens that occur. */
  readonly tokenIds: Uint32Array
  readonly counts: Uint32Array
}

/** Holds everything known about a run besides its records: written first, and saved with each of its files. */
export interface RunHeader {
  readonly id: string
  readonly version: 1
  readonly settings: RunSettings
  readonly origin: CorpusOrigin
  /** Provenance of the model that measures; `device` as it was at the start. */
  readonly provenance: Provenance
  /** L. */
  readonly layers: number
  readonly labels: readonly string[]
  /** Meaning of the classifier's logits; absent: softmax. */
  readonly prediction?: PredictionKind
  /** ISO 8601. */
  readonly startedAt: string
  /** Rows with a text, rows left out as malformed or empty, tokens in all (special ones not counted). */
  readonly corpus: { readonly rows: number; readonly skipped: number; readonly tokens: number }
  /** Sequences in the sample. */
  readonly sampled: number
}

export type RunStatus = 'reading' | 'running' | 'paused' | 'finished' | 'cancelled' | 'failed'

/** Holds the progress of a run. */
export interface RunProgress {
  readonly status: RunStatus
  /** Rows so far while `reading`, else sequences of the sample; `total` is 0 where only reading to the end tells. */
  readonly done: number
  readonly total: number
  /** Seconds left at the present rate; null before there is one. */
  readonly secondsLeft: number | null
  readonly tokens: number
  readonly substitutions: number
  readonly failure: Failure | null
  /** Steps of learning the maps that the texts are then read with; absent while texts are measured. */
  readonly learning?: { readonly done: number; readonly total: number }
}

/** Holds a run without its records. */
export interface RunSummary {
  readonly header: RunHeader
  readonly progress: RunProgress
}

/** Returns the progress of a run that has measured nothing yet. @param total sequences of its sample, 0 where that is not known */
export function noProgress(status: RunStatus, total = 0, failure: Failure | null = null): RunProgress {
  return { status, done: 0, total, secondsLeft: null, tokens: 0, substitutions: 0, failure }
}

/** Lists vocabulary entries by id, ids ascending, so that a run can be read without its model. */
export type TokenNames = readonly (readonly [tokenId: number, token: string])[]

/** Holds a whole run: its files contain it and its figures are computed from it. */
export interface CorpusRun {
  readonly header: RunHeader
  readonly counts: TokenCounts
  readonly tables: RecordTables
  readonly status: RunStatus
}

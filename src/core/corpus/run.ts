import type { Failure } from '../failure'
import type { PredictionKind } from '../prediction'
import type { Provenance } from '../provenance'
import type { RecordTables } from './records'
import type { RunSettings } from './runSettings'

/** Where a run's texts came from, for reading and for a link. */
export interface CorpusOrigin {
  /** File name or data set name. */
  readonly name: string
  readonly kind: 'file' | 'hub' | 'bundled' | 'shipped'
  /** Column or field the texts were taken from; null where the format has none. */
  readonly column: string | null
  /** sha256 of the file's bytes where it was small enough to hash, else null. */
  readonly sha256: string | null
}

/** How often each token occurs in the whole corpus, by the model's own tokenizer; special tokens not counted. */
export interface TokenCounts {
  /** Ascending; only tokens that occur. */
  readonly tokenIds: Uint32Array
  readonly counts: Uint32Array
}

/** What is known about a run besides its records: written first, kept with every file of it. */
export interface RunHeader {
  readonly id: string
  readonly version: 1
  readonly settings: RunSettings
  readonly origin: CorpusOrigin
  /** Of the model that measures; `device` as it was at the start. */
  readonly provenance: Provenance
  /** L. */
  readonly layers: number
  readonly labels: readonly string[]
  /** How the classifier's logits read; absent: softmax. */
  readonly prediction?: PredictionKind
  /** ISO 8601. */
  readonly startedAt: string
  /** Rows with a text, rows left out as malformed or empty, tokens in all (special ones not counted). */
  readonly corpus: { readonly rows: number; readonly skipped: number; readonly tokens: number }
  /** Sequences in the sample. */
  readonly sampled: number
}

export type RunStatus = 'reading' | 'running' | 'paused' | 'finished' | 'cancelled' | 'failed'

/** How far a run is. */
export interface RunProgress {
  readonly status: RunStatus
  /** While `reading`: rows so far, of how many (0 where only reading it all tells). Else sequences of the sample. */
  readonly done: number
  readonly total: number
  /** Seconds left at the present rate; null before there is one. */
  readonly secondsLeft: number | null
  readonly tokens: number
  readonly substitutions: number
  readonly failure: Failure | null
}

/** A run without its records. */
export interface RunSummary {
  readonly header: RunHeader
  readonly progress: RunProgress
}

/** Returns the progress of a run that has measured nothing yet. @param total sequences of its sample, 0 where that is not known */
export function noProgress(status: RunStatus, total = 0, failure: Failure | null = null): RunProgress {
  return { status, done: 0, total, secondsLeft: null, tokens: 0, substitutions: 0, failure }
}

/** Entries of the vocabulary by id, ids ascending: so that a run reads without its model. */
export type TokenNames = readonly (readonly [tokenId: number, token: string])[]

/** A run as a value: what files hold and figures are computed from. */
export interface CorpusRun {
  readonly header: RunHeader
  readonly counts: TokenCounts
  readonly tables: RecordTables
  readonly status: RunStatus
}

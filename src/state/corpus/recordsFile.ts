import type { RecordsFormat } from '../../core/corpus/corpusService'
import type { OpenRun } from './corpusState'

const ENDINGS: Readonly<Record<RecordsFormat, string>> = {
  csv: 'csv.zip',
  json: 'json',
  parquet: 'parquet.zip',
}

/** Names the file of a run's records. */
export function recordsFileName(run: OpenRun | null, format: RecordsFormat): string {
  const name = (run?.header.origin.name ?? 'corpus')
    .replace(/\.[a-z]+$/i, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
  return `ripplescope-${name}.${ENDINGS[format]}`
}

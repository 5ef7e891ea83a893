import type { RecordsFormat } from '../../core/corpus/corpusService'
import { idle, loading, ready } from '../resource'
import type { CorpusAccess } from './corpusResults'
import type { OpenRun } from './corpusState'

const ENDINGS: Readonly<Record<RecordsFormat, string>> = {
  csv: 'csv.zip',
  json: 'json',
  parquet: 'parquet.zip',
}

function fileName(run: OpenRun | null, format: RecordsFormat): string {
  const name = (run?.header.origin.name ?? 'corpus')
    .replace(/\.[a-z]+$/i, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
  return `ripplescope-${name}.${ENDINGS[format]}`
}

/** Makes a file of the open run's records, for the page to save. @throws FailureError of the service */
export async function downloadRecords(
  { service, read, write }: CorpusAccess,
  format: RecordsFormat,
): Promise<void> {
  write({ download: loading() })
  try {
    const content = await service.download(format)
    write({ download: ready({ name: fileName(read().run.value, format), content }) })
  } catch (thrown) {
    write({ download: idle() })
    throw thrown
  }
}

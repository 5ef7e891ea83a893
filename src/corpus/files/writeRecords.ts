import type { RecordsFormat } from '../../core/corpus/corpusService'
import type { CorpusRun } from '../../core/corpus/run'
import { csvRunFiles } from './csvRun'
import { jsonRunParts } from './jsonRun'
import { writeRunFile, zipFiles } from './runFile'

const ZIP = 'application/zip'

/**
 * A run to take away. Parquet and JSON can be opened again with `readRunFile`.
 *
 * @returns `csv`, `parquet`: a zip of a file a table; `json`: one file
 */
export async function writeRecords(run: CorpusRun, format: RecordsFormat): Promise<Blob> {
  if (format === 'json') return new Blob([...jsonRunParts(run)], { type: 'application/json' })
  const bytes = format === 'csv' ? zipFiles(csvRunFiles(run)) : await writeRunFile(run)
  return new Blob([Uint8Array.from(bytes)], { type: ZIP })
}

import type { RecordsFormat } from '../../core/corpus/corpusService'
import type { CorpusRun, TokenNames } from '../../core/corpus/run'
import { csvRunFiles } from './csvRun'
import { jsonRunParts } from './jsonRun'
import { writeRunFile, zipFiles } from './runFile'

const ZIP = 'application/zip'

/**
 * Writes a run for download; `readRunFile` opens it again.
 *
 * @param tokenNames so that the files read without the model
 * @returns `csv`, `parquet`: a zip with one file per table; `json`: one file
 */
export async function writeRecords(
  run: CorpusRun,
  format: RecordsFormat,
  tokenNames: TokenNames | null = null,
): Promise<Blob> {
  if (format === 'json') return new Blob([...jsonRunParts(run, tokenNames)], { type: 'application/json' })
  const bytes =
    format === 'csv' ? zipFiles(csvRunFiles(run, tokenNames)) : await writeRunFile(run, null, tokenNames)
  return new Blob([Uint8Array.from(bytes)], { type: ZIP })
}

import type { RecordsFormat } from '../../core/corpus/corpusService'
import type { CorpusRun, TokenNames } from '../../core/corpus/run'
import { csvRunFiles } from './csvRun'
import { jsonRunParts } from './jsonRun'
import { writeRunFile, zipFiles } from './runFile'

const ZIP = 'application/zip'

/**
 * A run to take away. Parquet and JSON can be opened again with `readRunFile`.
 *
 * @param tokenNames go with Parquet, whose file is then readable without the model
 * @returns `csv`, `parquet`: a zip of a file a table; `json`: one file
 */
export async function writeRecords(
  run: CorpusRun,
  format: RecordsFormat,
  tokenNames: TokenNames | null = null,
): Promise<Blob> {
  if (format === 'json') return new Blob([...jsonRunParts(run)], { type: 'application/json' })
  const bytes = format === 'csv' ? zipFiles(csvRunFiles(run)) : await writeRunFile(run, null, tokenNames)
  return new Blob([Uint8Array.from(bytes)], { type: ZIP })
}

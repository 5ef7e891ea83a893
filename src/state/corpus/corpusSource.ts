import type { CorpusSource } from '../../core/corpus/corpusService'
import { MAX_SOURCE_NAME, type RunSource } from '../../core/corpus/sessionRun'

/** What a link says of a source: of a file its name, cut where a session would not hold it. */
export function describeSource(source: CorpusSource): RunSource {
  if (source.kind !== 'file') return { ...source }
  const { file, column } = source
  return {
    kind: 'file',
    name: file.name.slice(0, MAX_SOURCE_NAME),
    column: column?.slice(0, MAX_SOURCE_NAME) ?? null,
  }
}

/** A source that a link can name in full; null for files, whose bytes stay behind. */
export function sourceOf(described: RunSource | null): CorpusSource | null {
  return described === null || described.kind === 'file' ? null : { ...described }
}

/** For reading: a file's name, a data set's name and split. */
export function sourceName(source: RunSource): string {
  if (source.kind === 'file') return source.name
  return source.kind === 'hub' ? `${source.dataset}, ${source.split}` : 'Sample reviews'
}

/** Whether two name the same texts; the column counts. */
export function sameSource(a: RunSource | null, b: RunSource | null): boolean {
  return a === b || (a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b))
}

export const withColumn = (source: CorpusSource, column: string | null): CorpusSource =>
  source.kind === 'bundled' ? source : { ...source, column }

import type { CorpusSource } from '../../core/corpus/corpusService'
import { MAX_SOURCE_NAME, type RunSource } from '../../core/corpus/sessionRun'

/** Describes a source for a link: a file by its name, shortened if a session would not hold it. */
export function describeSource(source: CorpusSource): RunSource {
  if (source.kind !== 'file') return { ...source }
  const { file, column } = source
  return {
    kind: 'file',
    name: file.name.slice(0, MAX_SOURCE_NAME),
    column: column?.slice(0, MAX_SOURCE_NAME) ?? null,
  }
}

/** Returns the source that a link names in full; null for files, whose bytes are not in the link. */
export function sourceOf(described: RunSource | null): CorpusSource | null {
  return described === null || described.kind === 'file' ? null : { ...described }
}

/** Returns a name for reading: a file's name, a data set's name and split. */
export function sourceName(source: RunSource): string {
  if (source.kind === 'file') return source.name
  return source.kind === 'hub' ? `${source.dataset}, ${source.split}` : 'Sample reviews'
}

/** Says whether two sources name the same texts, column included. */
export function sameSource(a: RunSource | null, b: RunSource | null): boolean {
  return a === b || (a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b))
}

export const withColumn = (source: CorpusSource, column: string | null): CorpusSource =>
  source.kind === 'bundled' ? source : { ...source, column }

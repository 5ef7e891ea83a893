import { looksLikeSessionFile } from '../../../core/session/sessionFile'

/** Extensions of files that can be read as texts. */
export const CORPUS_FILES = '.csv,.tsv,.jsonl,.ndjson,.json,.txt,.parquet,.gz'
/** Extensions of the files that `downloadRun` writes and can open again. */
export const RUN_FILES = '.json,.zip'

/** Names the kind of a dropped file: texts to run over, a session, or the records of a run. */
export type DroppedKind = 'texts' | 'session' | 'run'

/** Number of bytes of a JSON file that are inspected. */
const HEAD_BYTES = 400

/**
 * Returns the kind of a file by its extension and, for JSON, by its first bytes. Never rejects: an unreadable file
 * counts as texts, whose reader says why.
 */
export async function droppedKind(file: File): Promise<DroppedKind> {
  const name = file.name.toLowerCase()
  if (name.endsWith('.zip')) return 'run'
  if (!name.endsWith('.json')) return 'texts'
  try {
    const head = await file.slice(0, HEAD_BYTES).text()
    if (looksLikeSessionFile(head)) return 'session'
    return /"format"\s*:\s*"ripplescope-(?:corpus|run)/.test(head) ? 'run' : 'texts'
  } catch {
    return 'texts'
  }
}

import { looksLikeSessionFile } from '../../core/sessionFile'

/** Endings of what can be read as texts. */
export const CORPUS_FILES = '.csv,.tsv,.jsonl,.ndjson,.json,.txt,.parquet,.gz'
/** Endings of what `downloadRun` writes and can open again. */
export const RUN_FILES = '.json,.zip'

/** What a dropped file is: texts to run over, a session, or the records of a run. */
export type DroppedKind = 'texts' | 'session' | 'run'

/** How much of a JSON file is looked at. */
const HEAD_BYTES = 400

/** By its ending and, for JSON, by how it begins. Never rejects: what cannot be read is texts, whose reader says why. */
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

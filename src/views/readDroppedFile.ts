import type { Failure } from '../core/failure'
import type { Session } from '../core/session/session'
import { looksLikeSessionFile, parseSessionFile } from '../core/session/sessionFile'

export type DroppedFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'failure'; readonly failure: Failure }

/** Largest file that is read, bytes: no review and no session is larger, and more would only fill the memory. */
const MAX_BYTES = 32_000_000

const KEPT = 'Your present session was kept.'

/** Reads a session if the file says it is one, else its text as a review. Never rejects. */
export async function readDroppedFile(file: File): Promise<DroppedFile> {
  const fault = (message: string): DroppedFile => ({
    kind: 'failure',
    failure: {
      kind: 'invalid-request',
      message,
      kept: KEPT,
      advice: 'Drop a text file, or a session file that this page wrote.',
    },
  })
  if (file.size > MAX_BYTES) return fault('The file is larger than 32 MB.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch {
    return fault('The file is not UTF-8 text, or could not be read.')
  }
  if (looksLikeSessionFile(text)) {
    const result = parseSessionFile(text)
    return result.ok
      ? { kind: 'session', session: result.session }
      : { kind: 'failure', failure: result.failure }
  }
  if (file.name.toLowerCase().endsWith('.json')) return fault('The file is not a session of this page.')
  if (text.trim() === '') return fault('The file holds no text.')
  return { kind: 'text', text }
}

import type { ModelInfo } from '../core/explorer'
import type { Session } from '../core/session'
import type { Notice } from './appState'

/** The session as one of this model; a notice where it was made with another one, as its numbers will differ. */
export function adoptModel(
  session: Session,
  info: ModelInfo | null,
): { readonly session: Session; readonly notice: Omit<Notice, 'id'> | null } {
  if (!info) return { session, notice: null }
  const { sha256 } = info.provenance
  const made = session.model
  if (made.id === info.id && made.sha256 === sha256) return { session, notice: null }
  const adopted = { ...session, model: { id: info.id, sha256 } }
  if (made.sha256 === '' || made.sha256 === sha256) return { session: adopted, notice: null }
  const text =
    `This session was made with another model, ${made.id || 'unnamed'} (${made.sha256.slice(0, 8)}). ` +
    `What you see is measured with ${info.id} (${sha256.slice(0, 8)}), so the numbers differ.`
  return { session: adopted, notice: { tone: 'info', text } }
}

import type { ModelInfo } from '../../core/explorer'
import { originOf } from '../../core/modelSource'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import type { ModelOffer, Notice } from '../results'

/** Says whether the session is still as `withoutTokens` left the one that waits. */
export function awaitsOffer({ text, held, position, pins }: Session, offer: ModelOffer): boolean {
  return text === offer.session.text && held.length === 0 && position === null && pins.length === 0
}

export interface AdoptedSession {
  readonly session: Session
  readonly notice: Omit<Notice, 'id'> | null
  /** Offer of the whole session; null if the session is shown whole. */
  readonly offer: ModelOffer | null
}

/** Returns a session without the data of its model: its text and how it is viewed stay. */
export function withoutTokens(session: Session, model: Session['model']): Session {
  return { ...session, model, held: [], position: null, tokenId: null, pins: [] }
}

/**
 * Adapts the session to this model. If another file of the same model made it, or another model hosted with the page, a
 * notice says that numbers differ. Positions and tokens of a model from elsewhere are not valid here: such a session
 * keeps its text, and the whole of it is offered until its model is open.
 *
 * @param info null: no model is open yet
 */
export function adoptModel(session: Session, info: ModelInfo | null): AdoptedSession {
  const made = session.model
  const origin = originOf(made.id)
  if (!info) {
    if (origin === 'hosted') return { session, notice: null, offer: null }
    return { session: withoutTokens(session, EMPTY_SESSION.model), notice: null, offer: { session } }
  }
  const { sha256 } = info.provenance
  if (made.id === info.id && made.sha256 === sha256) return { session, notice: null, offer: null }
  const model = { id: info.id, sha256 }
  const adopted = { ...session, model }
  if (made.sha256 === '' || made.sha256 === sha256) return { session: adopted, notice: null, offer: null }
  const bothHosted = origin === 'hosted' && originOf(info.id) === 'hosted'
  if (made.id !== info.id && !bothHosted) {
    return { session: withoutTokens(session, model), notice: null, offer: { session } }
  }
  const text =
    `This session was made with another model, ${made.id || 'unnamed'} (${made.sha256.slice(0, 8)}). ` +
    `What you see is measured with ${info.id} (${sha256.slice(0, 8)}), so the numbers differ.`
  return { session: adopted, notice: { tone: 'info', text }, offer: null }
}

import type { Session } from '../../core/session/session'
import type { History } from '../results'

export const MAX_STEPS = 200

/** Holds the part of the store that undo and redo move. */
export interface Timeline {
  readonly session: Session
  readonly history: History
}

export const NO_HISTORY: History = { past: [], future: [], typingFrom: null }

/**
 * Returns a session for undo with the parts that a step does not move: the model in use, and the run over a corpus,
 * which Corpus sets.
 */
const standing = (former: Session, { model, run }: Session): Session => ({ ...former, model, run })

const push = (past: readonly Session[], session: Session) => [...past, session].slice(-MAX_STEPS)

/** Says whether two sessions have the same review, and the same second text. */
export function sameTexts(a: Session, b: Session): boolean {
  return a.text === b.text && (a.comparison?.text ?? null) === (b.comparison?.text ?? null)
}

/** Ends the typing under way: one step, or none if the text is the same as before (and then redo is not lost). */
export function commitTyping({ session, history }: Timeline): Timeline {
  const { past, typingFrom } = history
  if (!typingFrom) return { session, history }
  if (sameTexts(typingFrom, session)) {
    return { session: typingFrom, history: { ...history, typingFrom: null } }
  }
  return { session, history: { past: push(past, typingFrom), future: [], typingFrom: null } }
}

/** Makes one step of undo to the edited session; none if it is the same session. */
export function step(timeline: Timeline, edit: (session: Session) => Session): Timeline {
  const { session, history } = commitTyping(timeline)
  const next = edit(session)
  if (next === session) return { session, history }
  return { session: next, history: { past: push(history.past, session), future: [], typingFrom: null } }
}

/** Changes the text while typing. */
export function typeOver({ session, history }: Timeline, next: Session): Timeline {
  return { session: next, history: { ...history, typingFrom: history.typingFrom ?? session } }
}

export function undo(timeline: Timeline): Timeline {
  const { session, history } = commitTyping(timeline)
  const former = history.past.at(-1)
  if (!former) return { session, history }
  return {
    session: standing(former, session),
    history: { past: history.past.slice(0, -1), future: [session, ...history.future], typingFrom: null },
  }
}

export function redo(timeline: Timeline): Timeline {
  const { session, history } = commitTyping(timeline)
  const [next, ...future] = history.future
  if (!next) return { session, history }
  return {
    session: standing(next, session),
    history: { past: push(history.past, session), future, typingFrom: null },
  }
}

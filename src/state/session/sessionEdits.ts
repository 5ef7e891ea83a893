import { type NeighborFilters, sameFilters } from '../../core/measures/neighbor'
import { type Substitution, substitutionsKey } from '../../core/measures/substitution'
import type { Pin, Session } from '../../core/session/session'
import { MAX_LABEL_NAMES, MAX_PINS, PIN_COLORS } from '../../core/session/session'

const without = (substitutions: readonly Substitution[], position: number) =>
  substitutions.filter((substitution) => substitution.position !== position)

/** Replaces the text: what was chosen in the former one no longer applies. Pins carry their own text and stay. */
export function withText(session: Session, text: string, position: number | null = null): Session {
  return { ...session, text, held: [], position, tokenId: null }
}

/** Chooses a position; a held token there is explored again with its substitute. */
export function withPosition(session: Session, position: number | null): Session {
  if (position === session.position) return session
  const held = session.held.find((substitution) => substitution.position === position)
  return {
    ...session,
    position,
    tokenId: held?.tokenId ?? null,
    held: held ? without(session.held, held.position) : session.held,
  }
}

export function withSubstitute(session: Session, tokenId: number | null): Session {
  if (session.position === null || tokenId === session.tokenId) return session
  return { ...session, tokenId }
}

/** Holds the present substitutions. @param active all that is substituted now */
export function withHeld(session: Session, active: readonly Substitution[]): Session {
  return { ...session, held: active, position: null, tokenId: null }
}

export function withoutHeld(session: Session, position: number): Session {
  const held = without(session.held, position)
  return held.length === session.held.length ? session : { ...session, held }
}

export function withFilters(session: Session, changes: Partial<NeighborFilters>): Session {
  const filters = { ...session.filters, ...changes }
  return sameFilters(filters, session.filters) ? session : { ...session, filters }
}

/** Returns the identity colour of the next pin: the one that the fewest pins have, the first of equals. */
export function nextPinColor(pins: readonly Pin[]): number {
  const worn = Array.from(
    { length: PIN_COLORS },
    (_, color) => pins.filter((pin) => pin.color === color).length,
  )
  return worn.indexOf(Math.min(...worn))
}

/** Returns the index of the pin with this text and these substitutions, in any order; -1 if there is none. */
export function findPin(pins: readonly Pin[], text: string, substitutions: readonly Substitution[]): number {
  const key = substitutionsKey(substitutions)
  return pins.findIndex((pin) => pin.text === text && substitutionsKey(pin.substitutions) === key)
}

export function withPin(session: Session, substitutions: readonly Substitution[]): Session {
  const { pins, text } = session
  if (substitutions.length === 0 || pins.length >= MAX_PINS || findPin(pins, text, substitutions) >= 0) {
    return session
  }
  return { ...session, pins: [...pins, { text, substitutions, color: nextPinColor(pins) }] }
}

export function withoutPin(session: Session, index: number): Session {
  return index in session.pins ? { ...session, pins: session.pins.filter((_, i) => i !== index) } : session
}

/** Makes the pin's text and substitutions the session's; its last substitution is the explored one. */
export function withPinShown(session: Session, index: number): Session {
  const pin = session.pins[index]
  const last = pin?.substitutions.at(-1)
  if (!pin || !last) return session
  return {
    ...session,
    text: pin.text,
    held: pin.substitutions.slice(0, -1),
    position: last.position,
    tokenId: last.tokenId,
  }
}

/** Compares the review with a second text, which is the same at first. */
export function withSecondText(session: Session, text: string): Session {
  const { comparison } = session
  if (comparison?.text === text) return session
  return {
    ...session,
    comparison: { model: comparison?.model ?? null, text, ownNearest: comparison?.ownNearest ?? false },
  }
}

/** Compares with another model, on the same review. */
export function withSecondModel(session: Session, model: Session['model']): Session {
  return {
    ...session,
    comparison: { model, text: null, ownNearest: session.comparison?.ownNearest ?? false },
  }
}

export function withOwnNearest(session: Session, ownNearest: boolean): Session {
  const { comparison } = session
  return comparison && comparison.ownNearest !== ownNearest
    ? { ...session, comparison: { ...comparison, ownNearest } }
    : session
}

export function withoutComparison(session: Session): Session {
  return session.comparison ? { ...session, comparison: null } : session
}

/**
 * Names a model's labels, the newest first: of more models than a session holds, the oldest are left out. The same names
 * again are no edit.
 */
export function withLabelNames(session: Session, model: string, names: readonly string[]): Session {
  const others = session.labelNames.filter((one) => one.model !== model)
  const given = names.map((name) => name.trim().slice(0, MAX_LABEL_NAMES.characters))
  const own = given.some((name) => name !== '') ? [{ model, names: given }] : []
  const former = session.labelNames.filter((one) => one.model === model)
  if (JSON.stringify(own) === JSON.stringify(former)) return session
  return { ...session, labelNames: [...own, ...others].slice(0, MAX_LABEL_NAMES.models) }
}

/** Says whether at most view and run differ: steps of the browser's history, not of undo. */
export function sameEdits(a: Session, b: Session): boolean {
  return JSON.stringify({ ...a, view: b.view, run: b.run }) === JSON.stringify(b)
}

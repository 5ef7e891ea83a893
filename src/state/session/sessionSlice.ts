import { EMPTY_SESSION, MAX_PINS, MAX_SUBSTITUTIONS, type Session } from '../../core/session/session'
import type { Actions, AppState } from '../appState'
import { activeSubstitutions } from '../side/activeSubstitutions'
import type { Slice, StoreOptions } from '../storeTypes'
import { commitTyping, NO_HISTORY, redo, step, type Timeline, typeOver, undo } from './history'
import * as edits from './sessionEdits'
import { adoptModel } from './sessionModel'

export type SessionSlice = Pick<AppState, 'session' | 'history'> &
  Pick<
    Actions,
    | 'editText'
    | 'commitText'
    | 'openExample'
    | 'exploreText'
    | 'selectPosition'
    | 'chooseSubstitute'
    | 'holdSubstitution'
    | 'releaseSubstitution'
    | 'setNorm'
    | 'setTint'
    | 'setRipple'
    | 'setCurve'
    | 'setOrder'
    | 'nameLabels'
    | 'holdSubstitutions'
    | 'setFilters'
    | 'pin'
    | 'unpin'
    | 'showPin'
    | 'undo'
    | 'redo'
    | 'replaceSession'
    | 'editSecondText'
    | 'setOwnNearest'
  >

export function createSessionSlice({ examples }: StoreOptions): Slice<SessionSlice> {
  return (set, get) => {
    const move = (change: (timeline: Timeline) => Timeline) =>
      set(({ session, history }) => change({ session, history }))
    const edit = (change: (session: Session) => Session) => move((timeline) => step(timeline, change))
    return {
      session: EMPTY_SESSION,
      history: NO_HISTORY,
      editText: (text) =>
        move((timeline) =>
          text === timeline.session.text
            ? timeline
            : typeOver(timeline, edits.withText(timeline.session, text)),
        ),
      commitText: () => move(commitTyping),
      openExample: (slug) => {
        const example = examples.find((candidate) => candidate.slug === slug)
        if (example) get().exploreText(example.text, example.position)
      },
      exploreText: (text, position) =>
        edit((session) => ({ ...edits.withText(session, text, position), view: 'explore' })),
      selectPosition: (position) => edit((session) => edits.withPosition(session, position)),
      chooseSubstitute: (tokenId) => edit((session) => edits.withSubstitute(session, tokenId)),
      holdSubstitution: () => {
        const active = activeSubstitutions(get())
        if (!active || get().session.position === null) return
        if (active.length >= MAX_SUBSTITUTIONS) {
          get().notify({
            tone: 'problem',
            text: `${MAX_SUBSTITUTIONS} tokens are changed at once, and there is room for no more. Remove one to go on.`,
          })
          return
        }
        edit((session) => edits.withHeld(session, active))
      },
      releaseSubstitution: (position) => edit((session) => edits.withoutHeld(session, position)),
      setNorm: (norm) => edit((session) => (norm === session.norm ? session : { ...session, norm })),
      setTint: (tint) => edit((session) => (tint === session.tint ? session : { ...session, tint })),
      setRipple: (ripple) =>
        edit((session) => (ripple === session.ripple ? session : { ...session, ripple })),
      setCurve: (curve) => edit((session) => (curve === session.curve ? session : { ...session, curve })),
      setOrder: (table, order) =>
        edit((session) => ({ ...session, orders: { ...session.orders, [table]: order } })),
      nameLabels: (model, names) => edit((session) => edits.withLabelNames(session, model, names)),
      holdSubstitutions: (substitutions) => edit((session) => edits.withHeld(session, substitutions)),
      setFilters: (filters) => edit((session) => edits.withFilters(session, filters)),
      pin: () => {
        const active = activeSubstitutions(get())
        if (!active) return
        if (get().session.pins.length >= MAX_PINS) {
          get().notify({
            tone: 'problem',
            text: `There is room for ${MAX_PINS} pins. Remove one to keep another.`,
          })
          return
        }
        edit((session) => edits.withPin(session, active))
      },
      unpin: (index) => edit((session) => edits.withoutPin(session, index)),
      showPin: (index) => edit((session) => edits.withPinShown(session, index)),
      editSecondText: (text) =>
        move((timeline) => {
          const next = edits.withSecondText(timeline.session, text)
          return next === timeline.session ? timeline : typeOver(timeline, next)
        }),
      setOwnNearest: (ownNearest) => edit((session) => edits.withOwnNearest(session, ownNearest)),
      undo: () => move(undo),
      redo: () => move(redo),
      replaceSession: (replacement, { undoable = true } = {}) => {
        const { model, shippedInfo, notify } = get()
        const { session, notice, offer } = adoptModel(replacement, model.info ?? shippedInfo)
        if (notice) notify(notice)
        if (offer !== model.offer) set((state) => ({ model: { ...state.model, offer } }))
        if (undoable && !edits.sameEdits(session, get().session)) edit(() => session)
        else set({ session, history: { ...get().history, typingFrom: null } })
      },
    }
  }
}

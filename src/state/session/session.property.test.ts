import fc from 'fast-check'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../core/corpus/runLinkSchema'
import { NO_FILTERS } from '../../core/measures/neighbor'
import { originOf } from '../../core/modelSource'
import { decodePermalink } from '../../core/session/permalink'
import { CURVES, EMPTY_SESSION, MAX_SUBSTITUTIONS, type Session } from '../../core/session/session'
import { formatSessionFile, parseSessionFile } from '../../core/session/sessionFile'
import { modelArbitrary, sessionArbitrary, sessionFields } from '../../core/session/sessionFixture'
import { checkSession, sessionSchema } from '../../core/session/sessionSchema'
import { INFO, neighborsAt, tokenizeWords } from '../explore/explorerFixture'
import { EXAMPLES } from '../learn/examples'
import { ready } from '../resource'
import { OWN, withSide } from '../side/side'
import { createAppStore } from '../store'
import type { AppStore } from '../storeTypes'
import { fragmentOf } from './permalinkSync'
import { connectPersistence } from './persistence'

/** Seed, the same on every run; a failure names seed and path of its smallest case. */
const SEED = 2506

const TEXT = 'a bb ccc dddd eeeee'

/** Opens a page whose open model is the one that the session names. */
function openStore({ id, sha256 }: Session['model']): AppStore {
  const store = createAppStore()
  const info = { ...INFO, id, provenance: { ...INFO.provenance, modelId: id, sha256 } }
  store.setState(({ model, session }) => ({
    model: { ...model, info },
    session: { ...session, model: { id, sha256 } },
  }))
  return store
}

/** Writes the worker's answers to the session's text. */
function answer(store: AppStore): void {
  const tokenized = tokenizeWords(store.getState().session.text)
  store.setState((state) =>
    withSide(state, OWN, {
      tokenized: ready(tokenized),
      neighbors: ready({
        tokenized,
        filters: NO_FILTERS,
        byPosition: tokenized.tokens.map(({ special }, at) => (special ? [] : neighborsAt(at, 10))),
      }),
    }),
  )
}

/** Creates the storage of one browser profile, which its tabs share. */
function createStorage() {
  const entries = new Map<string, string>()
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => {
      entries.set(key, value)
    },
    removeItem: (key: string) => {
      entries.delete(key)
    },
  }
}

/** Connects a tab to its storage: the profile's, and its own if it is reloaded. */
const connect = (store: AppStore, shared = createStorage(), own = createStorage()) =>
  connectPersistence(store, { storage: () => shared, tabStorage: () => own, fragment: () => '' })

/**
 * Expects the session to survive every way out of the page and in again: link or entry of the browser's history, file.
 */
function expectCarried(session: Session): void {
  expect(v.is(sessionSchema, session), JSON.stringify(session).slice(0, 400)).toBe(true)
  const fragment = fragmentOf(session)
  const carried =
    fragment === ''
      ? checkSession(structuredClone(session), 'invalid-link', () => ({ message: 'damaged' }))
      : decodePermalink(fragment)
  expect(carried).toEqual({ ok: true, session })
  expect(parseSessionFile(formatSessionFile(session))).toEqual({ ok: true, session })
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('what the next visit finds', () => {
  it('is the session as it was left, once its model is open', () => {
    fc.assert(
      fc.property(sessionArbitrary, (session) => {
        const shared = createStorage()
        const left = openStore(session.model)
        const { flush } = connect(left, shared)
        left.getState().replaceSession(session)
        expect(left.getState().session).toEqual(session)
        flush()
        const found = openStore(session.model)
        connect(found, shared)
        expect(found.getState().session).toEqual(session)
        expect(found.getState().notices).toEqual([])
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('keeps the text, and offers the whole of it, while a model from elsewhere is not open', () => {
    fc.assert(
      fc.property(sessionArbitrary, (session) => {
        const shared = createStorage()
        shared.setItem('ripplescope-session', formatSessionFile(session))
        const found = createAppStore()
        connect(found, shared)
        expect(found.getState().session.text).toBe(session.text)
        expect(found.getState().session.run).toEqual(session.run)
        if (originOf(session.model.id) === 'hosted') {
          // The page's own model is another one after an update.
          expect(found.getState().session).toEqual({ ...session, model: EMPTY_SESSION.model })
        } else {
          expect(found.getState().model.offer?.session).toEqual(session)
        }
      }),
      { seed: SEED, numRuns: 500 },
    )
  })
})

type Command = (store: AppStore) => void

const position = fc.integer({ min: 1, max: 5 })
const tokenId = fc.nat({ max: 300 })

const command = <T>(
  drawn: fc.Arbitrary<T>,
  act: (state: ReturnType<AppStore['getState']>, value: T) => void,
) =>
  drawn.map(
    (value): Command =>
      (store) =>
        act(store.getState(), value),
  )

/** Commands for everything that a user can do to the session, in any order. */
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    command(fc.option(position, { nil: null }), (state, at) => state.selectPosition(at)),
    command(fc.option(tokenId, { nil: null }), (state, id) => state.chooseSubstitute(id)),
    command(fc.constant(null), (state) => state.holdSubstitution()),
    command(position, (state, at) => state.releaseSubstitution(at)),
    command(fc.constant(null), (state) => state.pin()),
    command(fc.nat({ max: 4 }), (state, at) => state.unpin(at)),
    command(fc.nat({ max: 4 }), (state, at) => state.showPin(at)),
    command(sessionFields.norm, (state, norm) => state.setNorm(norm)),
    command(sessionFields.tint, (state, tint) => state.setTint(tint)),
    command(sessionFields.ripple, (state, ripple) => state.setRipple(ripple)),
    command(fc.constantFrom(...CURVES), (state, curve) => state.setCurve(curve)),
    command(sessionFields.filters, (state, filters) => state.setFilters(filters)),
    command(sessionFields.view, (state, view) => state.setView(view)),
    command(fc.constantFrom(TEXT, 'x yy zzz', ''), (state, text) => state.editText(text)),
    command(sessionFields.text, (state, text) => state.editText(text)),
    command(sessionFields.text, (state, text) => state.editSecondText(text)),
    command(fc.boolean(), (state, own) => state.setOwnNearest(own)),
    command(fc.constant(null), (state) => state.commitText()),
    command(fc.constantFrom(...EXAMPLES), (state, { slug }) => state.openExample(slug)),
    // Sessions of another model wait for it (state/persistence.test.ts).
    command(sessionArbitrary, (state, session) =>
      state.replaceSession({ ...session, model: state.session.model }),
    ),
    command(fc.constant(null), (state) => state.undo()),
    command(fc.constant(null), (state) => state.redo()),
  ),
  { minLength: 1, maxLength: 40 },
)

describe('whatever is done, in any order', () => {
  it('leaves a session that links, files and storage carry, and a reload brings back with its history', () => {
    fc.assert(
      fc.property(commands, modelArbitrary, (steps, model) => {
        const [shared, own] = [createStorage(), createStorage()]
        const store = openStore(model)
        const { flush } = connect(store, shared, own)
        store.getState().editText(TEXT)
        for (const step of steps) {
          answer(store)
          step(store)
        }
        store.getState().commitText()
        const { session, history } = store.getState()
        expectCarried(session)
        flush()
        const reloaded = openStore(model)
        connect(reloaded, shared, own)
        expect(reloaded.getState().session).toEqual(session)
        expect(reloaded.getState().history).toEqual(history)
      }),
      { seed: SEED, numRuns: 400 },
    )
  })

  it('is taken back step by step to the beginning, and brought again to the same end', () => {
    // Undo moves neither view nor run; the model is the open one.
    const moved = ({ session }: { readonly session: Session }) => ({ ...session, view: null, run: null })
    fc.assert(
      fc.property(commands, (steps) => {
        const store = openStore({ id: 'tiny', sha256: INFO.provenance.sha256 })
        store.getState().replaceSession({ ...store.getState().session, text: TEXT }, { undoable: false })
        for (const step of steps) {
          answer(store)
          step(store)
        }
        store.getState().commitText()
        while (store.getState().history.future.length > 0) store.getState().redo()
        const end = moved(store.getState())
        const passed = [end]
        while (store.getState().history.past.length > 0) {
          store.getState().undo()
          expectCarried(store.getState().session)
          passed.push(moved(store.getState()))
        }
        expect(passed.at(-1)?.text).toBe(TEXT)
        expect(passed.at(-1)).toMatchObject({ position: null, held: [], pins: [] })
        for (const former of passed.slice(0, -1).reverse()) {
          store.getState().redo()
          expect(moved(store.getState())).toEqual(former)
        }
        expect(store.getState().history.future).toEqual([])
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})

describe('the limits of a session', () => {
  it('are kept by what can be held, pinned, run and opened', () => {
    const words = Array.from({ length: 80 }, (_, i) => 'x'.repeat(1 + (i % 7))).join(' ')
    const store = openStore({ id: `https://example.org/${'folder/'.repeat(150)}`, sha256: 'a'.repeat(64) })
    store.getState().replaceSession({ ...store.getState().session, text: words }, { undoable: false })
    answer(store)
    for (let at = 1; at <= 80; at++) {
      store.getState().selectPosition(at)
      store.getState().pin()
      store.getState().holdSubstitution()
    }
    const file = new File([], `${'name'.repeat(200)}.csv`)
    store.getState().startRun({ kind: 'file', file, column: 'column '.repeat(100) }, DEFAULT_SETTINGS)
    expectCarried(store.getState().session)
    expect(store.getState().session.held).toHaveLength(MAX_SUBSTITUTIONS - 1)
    expect(store.getState().notices.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/room for no more/),
    )
  })
})

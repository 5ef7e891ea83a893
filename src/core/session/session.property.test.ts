import fc from 'fast-check'
import { Unzlib } from 'fflate'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mutatedBytes, mutatedJson, mutatedText } from '../mutationFixture'
import { decodePermalink, encodePermalink, MAX_LINK_CHARACTERS } from './permalink'
import { compress, decompress, fromBase64Url, toBase64Url } from './permalinkBytes'
import type { Session } from './session'
import { formatSessionFile, parseSessionFile } from './sessionFile'
import { sessionArbitrary } from './sessionFixture'
import { type SessionResult, sessionSchema } from './sessionSchema'

/** Fixed seed, so that every run is the same; a failure names seed and path of its smallest case. */
const SEED = 2506
const MUTATIONS = 10_000

const PREFIX = '#v1.'

describe('round trips', () => {
  it('of every session there can be, as a link', () => {
    let links = 0
    fc.assert(
      fc.property(sessionArbitrary, (session) => {
        const link = encodePermalink(session)
        expect(link).toMatch(/^#v1\.[\w-]+$/)
        if (link.length > MAX_LINK_CHARACTERS) return
        links++
        expect(decodePermalink(link)).toEqual({ ok: true, session })
      }),
      { seed: SEED, numRuns: 1000 },
    )
    expect(links, 'most are short enough').toBeGreaterThan(900)
  })

  it('of every session there can be, as a file', () => {
    fc.assert(
      fc.property(sessionArbitrary, (session) => {
        expect(parseSessionFile(formatSessionFile(session))).toEqual({ ok: true, session })
      }),
      { seed: SEED, numRuns: 1000 },
    )
  })
})

const compactOf = (session: Session): unknown =>
  JSON.parse(decompress(fromBase64Url(encodePermalink(session).slice(PREFIX.length)), 1e6))

const linkOfBytes = (bytes: Uint8Array) => `${PREFIX}${toBase64Url(bytes)}`

/** Sessions to mutate: enough for every kind of field, drawn once, since drawing them is most of the work. */
const SESSIONS = fc.sample(sessionArbitrary, { seed: SEED, numRuns: 300 })

const drawnFrom = <T>(values: readonly T[]) => fc.constantFrom(...values)

const LINKS = SESSIONS.map(encodePermalink)

const linkCharacters = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'AZaz09-_'), minLength: 1, maxLength: 8 }),
  fc.constantFrom('.', '#', '%00', '&', '&embed', '=', '+', '/', '\0', '\ud800', 'v2.', '<script>'),
  fc.constantFrom('A'.repeat(1000), 'A'.repeat(100_000)),
)

/** Small links that would become large texts. */
const BOMBS = [' ', '[', '0', 'a'].map((byte) => linkOfBytes(compress(`["${byte.repeat(8e6)}"]`)))

const hostileLinks = fc.oneof(
  { weight: 40, arbitrary: mutatedText(drawnFrom(LINKS), linkCharacters) },
  {
    weight: 20,
    arbitrary: mutatedBytes(drawnFrom(LINKS.map((link) => fromBase64Url(link.slice(PREFIX.length))))).map(
      linkOfBytes,
    ),
  },
  // Complete and with the right checksum, so that the content is read.
  {
    weight: 60,
    arbitrary: mutatedJson(drawnFrom(SESSIONS.map(compactOf))).map((json) => linkOfBytes(compress(json))),
  },
  { weight: 1, arbitrary: mutatedText(drawnFrom(BOMBS), linkCharacters) },
)

const fileCharacters = fc.oneof(
  fc.constantFrom('"', '{', '[', ']', '}', ':', ',', '\\', '\\u', '\0', '\ud800', '1e999', '-', '__proto__'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  fc.constantFrom('['.repeat(50_000), '{"a":'.repeat(20_000), ' '.repeat(50_000)),
)

const FILES = SESSIONS.map(formatSessionFile)

const hostileFiles = fc.oneof(
  { weight: 40, arbitrary: mutatedText(drawnFrom(FILES), fileCharacters) },
  { weight: 60, arbitrary: mutatedJson(drawnFrom(FILES.map((file): unknown => JSON.parse(file)))) },
)

/** Everything that a page would do with what it reads; none of it may happen. */
const SIDE_EFFECTS = ['fetch', 'eval', 'setTimeout', 'setInterval', 'queueMicrotask'] as const

const prototypes = () =>
  [Object, Array, String, Number, Function].map(({ prototype }) => Object.getOwnPropertyNames(prototype))

/** Expects plain data at every depth, and a session that fits the schema; or a failure of this kind. */
function expectSession(result: SessionResult, kind: 'invalid-link' | 'damaged-file'): void {
  if (!result.ok) {
    expect(result.failure.kind).toBe(kind)
    expect(result.failure.message).toMatch(/^The (link|file) .+\.$/s)
    expect(result.failure.kept).toBeTruthy()
    return
  }
  const { session } = result
  expect(v.is(sessionSchema, session)).toBe(true)
  expect(Object.getPrototypeOf(session)).toBe(Object.prototype)
  expect(parseSessionFile(formatSessionFile(session))).toEqual(result)
}

describe('what strangers send', () => {
  const spies = () => SIDE_EFFECTS.map((name) => vi.spyOn(globalThis, name))
  let watched: ReturnType<typeof spies>
  let before: ReturnType<typeof prototypes>

  beforeEach(() => {
    before = prototypes()
    watched = spies()
  })
  afterEach(() => vi.restoreAllMocks())

  const expectNothingDone = () => {
    expect(watched.flatMap(({ mock }) => mock.calls)).toEqual([])
    expect(prototypes()).toEqual(before)
  }

  it(`${MUTATIONS} changed links give a session by the schema or a sentence, and nothing else happens`, () => {
    const outcomes = { sessions: 0, refused: 0 }
    fc.assert(
      fc.property(hostileLinks, (link) => {
        const result = decodePermalink(link)
        expectSession(result, 'invalid-link')
        outcomes[result.ok ? 'sessions' : 'refused']++
      }),
      { seed: SEED, numRuns: MUTATIONS },
    )
    expectNothingDone()
    expect(outcomes.sessions, 'some changes leave a session').toBeGreaterThan(100)
    expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 2)
  })

  it(`${MUTATIONS} changed files give a session by the schema or a sentence, and nothing else happens`, () => {
    const outcomes = { sessions: 0, refused: 0 }
    fc.assert(
      fc.property(hostileFiles, (file) => {
        const result = parseSessionFile(file)
        expectSession(result, 'damaged-file')
        outcomes[result.ok ? 'sessions' : 'refused']++
      }),
      { seed: SEED, numRuns: MUTATIONS },
    )
    expectNothingDone()
    expect(outcomes.sessions, 'some changes leave a session').toBeGreaterThan(100)
    expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 2)
  })

  it('a link never costs more than its limit of inflating, however far it would go', () => {
    let inflated = 0
    const push = Unzlib.prototype.push
    vi.spyOn(Unzlib.prototype, 'push').mockImplementation(function (this: Unzlib, chunk, final) {
      const { ondata } = this
      this.ondata = (data, last) => {
        inflated += data.length
        ondata(data, last)
      }
      push.call(this, chunk, final)
      this.ondata = ondata
    })
    for (const link of BOMBS) {
      inflated = 0
      expect(link.length, 'it is a small link').toBeLessThan(20_000)
      expect(decodePermalink(link)).toMatchObject({
        ok: false,
        failure: { message: 'The link holds more than a link may hold.' },
      })
      expect(inflated, 'it is begun').toBeGreaterThan(1_000_000)
      // The limit of 2 MB and one block of input at deflate's best ratio.
      expect(inflated).toBeLessThan(2_600_000)
    }
  })
})

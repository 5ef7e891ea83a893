import { Unzlib, zlibSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { PERTURBATIONS } from '../corpus/runSettings'
import type { RunSource, SessionRun } from '../corpus/sessionRun'
import { NORMS } from '../measures/norm'
import { decodePermalink, encodePermalink, MAX_LINK_CHARACTERS } from './permalink'
import { decompress, toBase64Url } from './permalinkBytes'
import { CURVES, EMPTY_SESSION, RIPPLE_READINGS, type Session, TINTS, VIEWS } from './session'
import { formatSessionFile, parseSessionFile } from './sessionFile'

/** Returns the generator mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const SNIPPETS = [
  'wonderful ',
  'was “not” ',
  '<img src=x onerror=alert(1)>',
  '🎬',
  '\ud800',
  '\0',
  'é',
  '\u202e',
  '\n',
  '"]}',
]

const SOURCES: readonly (RunSource | null)[] = [
  null,
  { kind: 'bundled' },
  { kind: 'hub', dataset: 'stanfordnlp/imdb', split: 'test', column: null },
  { kind: 'file', name: 'reviews “a”.csv', column: 'text' },
]

function randomRun(random: () => number): SessionRun {
  const below = (n: number) => Math.floor(random() * n)
  return {
    settings: {
      seed: below(2 ** 32),
      sampleSize: 1 + below(1000),
      norm: NORMS[below(3)],
      filters: { special: random() < 0.5, unused: false, otherKind: true, variants: random() < 0.5 },
      cleanHtml: random() < 0.5,
      leastImpactful: below(21),
      randomPositions: below(21),
      perturbations: PERTURBATIONS.filter(() => random() < 0.5),
      neighborRank: 2 + below(49),
      pairs: below(11),
      leastImpactfulPairs: below(11),
      learnedTexts: 0,
      causal: 'none',
      readings: random() < 0.5 ? 'all' : below(512),
    },
    source: SOURCES[below(SOURCES.length)],
  }
}

function randomSession(random: () => number): Session {
  const below = (n: number) => Math.floor(random() * n)
  const randomText = () => Array.from({ length: below(20) }, () => SNIPPETS[below(SNIPPETS.length)]).join('')
  const substitutions = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({ position: from + i * 3 + below(3), tokenId: below(30522) }))
  const text = randomText()
  const position = random() < 0.3 ? null : below(100)
  return {
    text,
    model: random() < 0.2 ? { id: '', sha256: '' } : { id: 'bert-imdb', sha256: 'ab'.repeat(32) },
    view: VIEWS[below(VIEWS.length)],
    norm: NORMS[below(3)],
    tint: TINTS[below(TINTS.length)],
    ripple: RIPPLE_READINGS[below(RIPPLE_READINGS.length)],
    curve: random() < 0.5 ? null : CURVES[below(CURVES.length)],
    filters: {
      special: random() < 0.5,
      unused: random() < 0.5,
      otherKind: random() < 0.5,
      variants: random() < 0.5,
    },
    held: substitutions(below(3), 100),
    position,
    tokenId: position === null || random() < 0.5 ? null : below(30522),
    pins: Array.from({ length: below(5) }, () => ({
      text: random() < 0.5 ? text : randomText(),
      substitutions: substitutions(1 + below(3)),
      color: below(8),
    })),
    run: random() < 0.5 ? null : randomRun(random),
    comparison:
      random() < 0.5
        ? null
        : {
            model: random() < 0.5 ? null : { id: './folder', sha256: 'cd'.repeat(32) },
            text: random() < 0.5 ? null : random() < 0.5 ? text : randomText(),
            ownNearest: random() < 0.5,
          },
  }
}

describe('round trips', () => {
  it('gives back 300 random sessions, as links and as files', () => {
    const random = seeded(1)
    for (let i = 0; i < 300; i++) {
      const session = randomSession(random)
      const link = encodePermalink(session)
      expect(link).toMatch(/^#v1\.[\w-]+$/)
      expect(decodePermalink(link)).toEqual({ ok: true, session })
      expect(parseSessionFile(formatSessionFile(session))).toEqual({ ok: true, session })
    }
  })

  it('reads what was written before there were views, runs and a second side', () => {
    // By version 0.1.0: text, position 3, nothing else.
    const old = toBase64Url(zlibSync(new TextEncoder().encode(JSON.stringify([['so good'], '', '', 3]))))
    expect(decodePermalink(`#v1.${old}`)).toEqual({
      ok: true,
      session: { ...EMPTY_SESSION, text: 'so good', position: 3 },
    })
    const { run: _run, comparison: _comparison, ...before } = EMPTY_SESSION
    const file = JSON.stringify({ format: 'ripplescope-session', version: 1, ...before })
    expect(parseSessionFile(file)).toEqual({ ok: true, session: EMPTY_SESSION })
  })

  it('leaves defaults out and stores a text once', () => {
    expect(encodePermalink(EMPTY_SESSION).length).toBeLessThan(25)
    const text = Array.from({ length: 200 }, (_, i) => `word${(i * 7919) % 1000}`).join(' ')
    const pin = { text, substitutions: [{ position: 1, tokenId: 2 }], color: 0 }
    const bare = encodePermalink({ ...EMPTY_SESSION, text })
    expect(encodePermalink({ ...EMPTY_SESSION, text, pins: [pin] }).length).toBeLessThan(bare.length + 60)
  })

  it('keeps a review of 250 words with pins under the limit', () => {
    const random = seeded(2)
    const letters = () => String.fromCharCode(97 + Math.floor(random() * 26))
    const word = () => Array.from({ length: 5 }, letters).join('')
    const text = Array.from({ length: 250 }, word).join(' ')
    expect(encodePermalink({ ...EMPTY_SESSION, text }).length).toBeLessThan(MAX_LINK_CHARACTERS)
  })
})

describe('strange links', () => {
  const failureOfLink = (link: string) => {
    const result = decodePermalink(link)
    return result.ok ? null : result.failure
  }
  const linkOf = (value: unknown) =>
    `#v1.${toBase64Url(zlibSync(new TextEncoder().encode(JSON.stringify(value))))}`

  it('says so when a newer version made the link', () => {
    expect(failureOfLink('#v2.abc')).toMatchObject({
      kind: 'invalid-link',
      message: expect.stringMatching(/newer version/),
    })
    expect(failureOfLink('#v17.abc')?.message).toMatch(/newer/)
  })

  it('refuses what is no link, is cut short, or was changed by one character', () => {
    const link = encodePermalink({ ...EMPTY_SESSION, text: 'It was not bad at all.' })
    const changed = link.slice(0, 20) + (link[20] === 'A' ? 'B' : 'A') + link.slice(21)
    for (const strange of [
      '',
      '#',
      '#top',
      '#v1.',
      '#v1.!!',
      link.slice(0, -3),
      changed,
      `${link}AAAA`,
      `#v0.${link.slice(4)}`,
    ]) {
      expect(failureOfLink(strange)?.kind, strange).toBe('invalid-link')
    }
  })

  it.each([
    ['no texts', [[]]],
    ['no array', { text: 'x' }],
    ['a negative position', [['a'], '', '', -1]],
    ['a position that is no integer', [['a'], '', '', 1.5]],
    ['a token id beyond any vocabulary', [['a'], '', '', 1, 2 ** 40]],
    ['a substitute without a position', [['a'], '', '', null, 5]],
    ['an unknown norm', [['a'], '', '', 1, 2, 3]],
    ['an odd list of substitutions', [['a'], '', '', 1, 2, 1, [3]]],
    ['a position held twice', [['a'], '', '', 1, 2, 1, [3, 4, 3, 5]]],
    ['a pin of a missing text', [['a'], '', '', 1, 2, 1, [], [[7, 0, [1, 2]]]]],
    ['a pin of an unknown colour', [['a'], '', '', 1, 2, 1, [], [[0, 8, [1, 2]]]]],
    ['a pin without substitutions', [['a'], '', '', 1, 2, 1, [], [[0, 1, []]]]],
    ['filters that do not exist', [['a'], '', '', 1, 2, 1, [], [], 16]],
    ['a sha256 that is none', [['a'], 'x', '<script>']],
    ['an unknown view', [['a'], '', '', 1, 2, 1, [], [], 0, VIEWS.length]],
    ['a run that is none', [['a'], '', '', 1, 2, 1, [], [], 0, 1, 7]],
    ['a run that is cut short', [['a'], '', '', 1, 2, 1, [], [], 0, 1, [7, 500, 1]]],
    ['a run of no sequence', [['a'], '', '', 1, 2, 1, [], [], 0, 1, [7, 0, 1, 0, 1, 5, 0, 0, 2, 0, -1, []]]],
    ['a run over nowhere', [['a'], '', '', 1, 2, 1, [], [], 0, 1, [7, 9, 1, 0, 1, 5, 0, 0, 2, 0, -1, ['x']]]],
    ['a second side that is none', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, 0]],
    ['a second side of half a model', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, ['x', null, null, 0]]],
    ['a second side of a missing text', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, [null, null, 3, 0]]],
    ['an unknown tint', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, null, TINTS.length]],
    ['an unknown reading of the ripple', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, null, 0, 3]],
    ['an unknown curve', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, null, 0, 0, CURVES.length]],
    ['more fields than there are', [['a'], '', '', 1, 2, 1, [], [], 0, 0, null, null, 0, 0, null, 0]],
  ])('refuses %s', (_, value) => {
    expect(failureOfLink(linkOf(value))?.kind).toBe('invalid-link')
  })

  it('stops inflating at the limit', () => {
    const bomb = zlibSync(new Uint8Array(60_000_000), { level: 9 })
    const push = vi.spyOn(Unzlib.prototype, 'push')
    expect(() => decompress(bomb, 2_000_000)).toThrow('more than a link may hold')
    expect(push.mock.calls.length).toBeLessThan(20)
    push.mockRestore()
    expect(
      failureOfLink(`#v1.${toBase64Url(zlibSync(new Uint8Array(20_000_000), { level: 9 }))}`)?.message,
    ).toMatch(/more than a link may hold/)
    expect(failureOfLink(`#v1.${'A'.repeat(70_000)}`)?.message).toMatch(/longer than/)
  })

  it('never throws on 3,000 mutated links, and gives no session for a changed one that is not a session', () => {
    const random = seeded(3)
    const alphabet = 'ABCXYZabcxyz019-_.#v%'
    let opened = 0
    for (let i = 0; i < 3000; i++) {
      const characters = [...encodePermalink(randomSession(random))]
      const changes = 1 + Math.floor(random() * 4)
      for (let change = 0; change < changes; change++) {
        const at = Math.floor(random() * characters.length)
        const by = alphabet[Math.floor(random() * alphabet.length)]
        const kind = random()
        if (kind < 0.5) characters[at] = by
        else if (kind < 0.7) characters.splice(at, 1)
        else if (kind < 0.9) characters.splice(at, 0, by)
        else characters.splice(at, characters.length)
      }
      const result = decodePermalink(characters.join(''))
      if (result.ok) {
        opened++
        expect(decodePermalink(encodePermalink(result.session))).toEqual(result)
      } else {
        expect(result.failure.kind).toBe('invalid-link')
      }
    }
    // The unlucky few in which nothing changed: the checksum finds the rest.
    expect(opened).toBeLessThan(150)
  })
})

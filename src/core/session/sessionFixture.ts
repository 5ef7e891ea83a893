import fc from 'fast-check'
import { CAUSAL_READINGS, MAX_SAMPLE, PERTURBATIONS, type RunSettings } from '../corpus/runSettings'
import type { RunSource, SessionRun } from '../corpus/sessionRun'
import type { NeighborFilters } from '../measures/neighbor'
import { NORMS } from '../measures/norm'
import type { Substitution } from '../measures/substitution'
import {
  type Comparison,
  CURVES,
  MAX_PINS,
  PIN_COLORS,
  type Pin,
  RIPPLE_READINGS,
  type Session,
  TINTS,
  VIEWS,
} from './session'

/** Requires an arbitrary for every field: a new field of `T` is a type error here until it has its own. */
type Arbitraries<T> = { readonly [Key in keyof Required<T>]: fc.Arbitrary<T[Key]> }

const record = <T>(fields: Arbitraries<T>): fc.Arbitrary<T> => fc.record(fields) as fc.Arbitrary<T>

/** Texts that break careless handling of text fields, JSON, HTML, URLs or UTF-16. */
const SPITEFUL = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  'javascript:alert(1)',
  '__proto__',
  'constructor',
  '\ud800',
  '\udc00\ud800',
  '\0',
  '\u202e\u2066',
  '\u200b\u200d\ufeff',
  'e\u0301\u0323',
  '👩‍👩‍👧‍👦',
  '"]}\\',
  '\r\n\u2028\u2029',
  '&embed=curve',
  '%00%23',
]

/** Draws any UTF-16, lone surrogates too. */
export const textArbitrary: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SPITEFUL),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom('It was ', 'wonderful ', 'not bad. '),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

const name = textArbitrary.map((text) => text.slice(0, 200))
const column = fc.option(name, { nil: null })
const index = fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: 0xffffff }))

const substitutionArbitrary = record<Substitution>({ position: index, tokenId: index })

const substitutionsArbitrary = (minLength: number) =>
  fc.uniqueArray(substitutionArbitrary, { minLength, maxLength: 5, selector: ({ position }) => position })

const filtersArbitrary = record<NeighborFilters>({
  special: fc.boolean(),
  unused: fc.boolean(),
  otherKind: fc.boolean(),
  variants: fc.boolean(),
})

const settingsArbitrary = record<RunSettings>({
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  sampleSize: fc.integer({ min: 1, max: MAX_SAMPLE }),
  norm: fc.constantFrom(...NORMS),
  filters: filtersArbitrary,
  cleanHtml: fc.boolean(),
  leastImpactful: fc.nat({ max: 20 }),
  randomPositions: fc.nat({ max: 20 }),
  perturbations: fc.subarray([...PERTURBATIONS]),
  neighborRank: fc.integer({ min: 2, max: 50 }),
  pairs: fc.nat({ max: 10 }),
  leastImpactfulPairs: fc.nat({ max: 10 }),
  learnedTexts: fc.nat({ max: 2000 }),
  causal: fc.constantFrom(...CAUSAL_READINGS),
  readings: fc.oneof(fc.constant('all' as const), fc.nat({ max: 0xffff })),
})

type SourceOf<Kind extends RunSource['kind']> = Extract<RunSource, { readonly kind: Kind }>

/** Arbitrary of each kind of source. */
const SOURCES: { readonly [Kind in RunSource['kind']]: fc.Arbitrary<SourceOf<Kind>> } = {
  file: record<SourceOf<'file'>>({ kind: fc.constant('file'), name, column }),
  hub: record<SourceOf<'hub'>>({ kind: fc.constant('hub'), dataset: name, split: name, column }),
  bundled: record<SourceOf<'bundled'>>({ kind: fc.constant('bundled') }),
}

const runArbitrary = record<SessionRun>({
  settings: settingsArbitrary,
  source: fc.option(fc.oneof(...Object.values<fc.Arbitrary<RunSource>>(SOURCES)), { nil: null }),
})

const pinArbitrary = record<Pin>({
  text: textArbitrary,
  substitutions: substitutionsArbitrary(1),
  color: fc.nat({ max: PIN_COLORS - 1 }),
})

const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })

/** Draws ids of every origin: none, built in, from the Hub, a folder, an address. */
export const modelArbitrary: fc.Arbitrary<Session['model']> = fc.oneof(
  fc.constant({ id: '', sha256: '' }),
  record<Session['model']>({
    id: fc.oneof(
      fc.constantFrom('bert-imdb-l12-h384', 'owner/name@v1.0', './my folder', 'https://example.org/a/'),
      name,
    ),
    sha256,
  }),
)

const comparisonArbitrary = record<Comparison>({
  model: fc.option(modelArbitrary, { nil: null }),
  text: fc.option(textArbitrary, { nil: null }),
  ownNearest: fc.boolean(),
})

/** Arbitrary of each field of a session on its own, within what the schema allows. */
export const sessionFields: Arbitraries<Session> = {
  text: textArbitrary,
  model: modelArbitrary,
  view: fc.constantFrom(...VIEWS),
  norm: fc.constantFrom(...NORMS),
  tint: fc.constantFrom(...TINTS),
  ripple: fc.constantFrom(...RIPPLE_READINGS),
  curve: fc.option(fc.constantFrom(...CURVES), { nil: null }),
  filters: filtersArbitrary,
  held: substitutionsArbitrary(0),
  position: fc.option(index, { nil: null }),
  tokenId: fc.option(index, { nil: null }),
  pins: fc.array(pinArbitrary, { maxLength: MAX_PINS, size: 'xsmall' }),
  run: fc.option(runArbitrary, { nil: null }),
  comparison: fc.option(comparisonArbitrary, { nil: null }),
}

/** Draws sessions that the store can hold: a substitute has a position, which is not held at the same time. */
export const sessionArbitrary: fc.Arbitrary<Session> = record<Session>(sessionFields).map((session) => ({
  ...session,
  tokenId: session.position === null ? null : session.tokenId,
  held: session.held.filter(({ position }) => position !== session.position),
}))

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../failure'
import type { CorpusOrigin } from './run'
import { DEFAULT_SETTINGS, decodeRunSettings, encodeRunSettings } from './runLink'
import { runSettingsSchema } from './runLinkSchema'
import { PERTURBATIONS, type RunSettings } from './runSettings'

const UNUSUAL: RunSettings = {
  seed: 2 ** 32 - 1,
  sampleSize: 12_345,
  norm: 'linf',
  filters: { special: true, unused: false, otherKind: true, variants: true },
  cleanHtml: false,
  leastImpactful: 0,
  randomPositions: 20,
  perturbations: PERTURBATIONS,
  neighborRank: 50,
  pairs: 10,
  leastImpactfulPairs: 10,
  learnedTexts: 2000,
  causal: 'transferred',
  readings: 'all',
}
const ORIGIN: CorpusOrigin = { name: 'films.csv', kind: 'file', column: 'text', sha256: 'ab'.repeat(32) }

/** Encodes and parses a value as a link carries it. */
const carried = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('the settings of a run in a link', () => {
  it.each([
    [DEFAULT_SETTINGS, null],
    [UNUSUAL, ORIGIN],
    [DEFAULT_SETTINGS, { ...ORIGIN, column: null, sha256: null }],
  ])('come back as they were (%#)', (settings, origin) => {
    expect(decodeRunSettings(carried(encodeRunSettings(settings, origin)))).toEqual({ settings, origin })
  })

  it('are short', () => {
    expect(JSON.stringify(encodeRunSettings(DEFAULT_SETTINGS)).length).toBeLessThan(60)
  })

  it.each([
    null,
    'settings',
    [],
    [[]],
    [encodeRunSettings({ ...DEFAULT_SETTINGS, seed: -1 })[0]],
    [encodeRunSettings({ ...DEFAULT_SETTINGS, sampleSize: 0 })[0]],
    [encodeRunSettings(DEFAULT_SETTINGS)[0], ['a', 'nowhere', null, null]],
    [encodeRunSettings(DEFAULT_SETTINGS)[0], ['a', 'hub', null, 'abc']],
    [encodeRunSettings(DEFAULT_SETTINGS)[0], ['a', 'hub']],
    [...encodeRunSettings(DEFAULT_SETTINGS, ORIGIN), 1],
  ])('are refused where they are none: %j', (value) => {
    let thrown: unknown
    try {
      decodeRunSettings(carried(value))
    } catch (error) {
      thrown = error
    }
    expect(failureOf(thrown).kind).toBe('invalid-link')
  })

  it.each([
    { leastImpactful: 21 },
    { randomPositions: -1 },
    { neighborRank: 1 },
    { neighborRank: 51 },
    { pairs: 11 },
    { pairs: 0.5 },
    { leastImpactfulPairs: 11 },
    { readings: -1 },
    { readings: 'some' },
    { seed: 2 ** 32 },
    { perturbations: ['nearest', 'nearest'] },
    { perturbations: ['shuffle'] },
    { norm: 'l3' },
    { more: 1 },
  ])('have bounds: %j', (change) => {
    expect(v.is(runSettingsSchema, DEFAULT_SETTINGS)).toBe(true)
    expect(v.is(runSettingsSchema, { ...DEFAULT_SETTINGS, ...change })).toBe(false)
  })
})

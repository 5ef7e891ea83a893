import { describe, expect, it } from 'vitest'
import type { RunHeader } from './run'
import { runDifferences } from './runDifferences'
import { runOf } from './runFixture'

const { header } = runOf({})
const withOrigin = (changes: Partial<RunHeader['origin']>, rest: Partial<RunHeader> = {}): RunHeader => ({
  ...header,
  ...rest,
  origin: { ...header.origin, ...changes },
})

describe('runDifferences', () => {
  it('finds none between a run and itself, whatever the order of its perturbations', () => {
    const perturbations = [...header.settings.perturbations]
    const same = { ...header, settings: { ...header.settings, perturbations: perturbations.reverse() } }
    expect(runDifferences(withOrigin({ sha256: 'a' }), { ...same, ...withOrigin({ sha256: 'a' }) })).toEqual({
      model: false,
      layers: false,
      texts: 'same',
      settings: [],
    })
    expect(runDifferences(header, same).settings).toEqual([])
  })

  it('names the settings, the model and the depth that are not the same', () => {
    const other: RunHeader = {
      ...header,
      layers: 6,
      provenance: { ...header.provenance, sha256: '1'.repeat(64) },
      settings: { ...header.settings, seed: 99, filters: { ...header.settings.filters, special: true } },
    }
    expect(runDifferences(header, other)).toMatchObject({
      model: true,
      layers: true,
      settings: ['seed', 'filters'],
    })
  })

  it.each([
    ['the same bytes', withOrigin({ sha256: 'a' }), withOrigin({ sha256: 'a', name: 'copy.csv' }), 'same'],
    [
      'another column of them',
      withOrigin({ sha256: 'a' }),
      withOrigin({ sha256: 'a', column: 'b' }),
      'other',
    ],
    ['other bytes', withOrigin({ sha256: 'a' }), withOrigin({ sha256: 'b' }), 'other'],
    ['a name and nothing else', withOrigin({}), withOrigin({}), 'unknown'],
    ['another name', withOrigin({}), withOrigin({ name: 'b.csv' }), 'other'],
    [
      'as many rows as another has not',
      withOrigin({}),
      withOrigin({}, { corpus: { ...header.corpus, rows: 11 } }),
      'other',
    ],
    ['the bundled reviews', withOrigin({ kind: 'bundled' }), withOrigin({ kind: 'bundled' }), 'same'],
  ] as const)('tells texts apart by %s', (_, open, compared, texts) => {
    expect(runDifferences(open, compared).texts).toBe(texts)
  })
})

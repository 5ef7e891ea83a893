import { describe, expect, it } from 'vitest'
import { fullRun, runOf } from '../runFixture'
import { compareFigures, countsAgreement } from './compareFigures'
import { computeFigures } from './computeFigures'

const figures = computeFigures(fullRun(), { norm: 'l2' })

describe('compareFigures', () => {
  it('sets every statistic that both runs have side by side, with n and difference', () => {
    const other = computeFigures(
      runOf({ readings: [{ rank_0: 1, rank_1: 1, rank_2: 1 }, { rank_0: 3 }, { rank_0: 1 }, { rank_0: 1 }] }),
      { norm: 'l2' },
    )
    const rows = compareFigures({ figures, layers: 2 }, { figures: other, layers: 2 })
    expect(rows.map(({ figure, depth }) => [figure, depth])).toEqual([
      ['identifiability', 0],
      ['identifiability', 0.5],
      ['identifiability', 1],
    ])
    expect(rows[0]).toMatchObject({
      open: { n: 2, value: 1 },
      compared: { n: 4, value: 0.75 },
      difference: 0.25,
    })
  })

  it('takes a run against itself as no difference at all', () => {
    const rows = compareFigures({ figures, layers: 2 }, { figures, layers: 2 })
    const known = rows.filter(({ open }) => Number.isFinite(open.value))
    // Proxies need more texts than this run has.
    const measured = Object.entries(figures).filter(([, figure]) => figure !== null)
    expect(measured).toHaveLength(7)
    expect([...new Set(known.map(({ figure }) => figure))].sort()).toEqual(
      measured.map(([name]) => name).sort(),
    )
    for (const { difference } of known) expect(difference).toBe(0)
  })

  it('matches layers by relative depth where one model has more', () => {
    const { identifiability } = figures
    if (!identifiability) throw new Error('the fixture has readings')
    const deeper = [0, 1, 2, 3, 4].map((layer) => ({ ...identifiability.layers[0], layer, rate: layer / 10 }))
    const rows = compareFigures(
      { figures, layers: 2 },
      { figures: { ...figures, identifiability: { layers: deeper } }, layers: 4 },
    ).filter(({ figure }) => figure === 'identifiability')
    expect(rows.map(({ depth, compared }) => [depth, compared.value])).toEqual([
      [0, 0],
      [0.5, 0.2],
      [1, 0.4],
    ])
  })
})

describe('countsAgreement', () => {
  const token = (tokenId: number, l2: number) => ({ tokenId, counts: { l1: 0, l2, linf: 0 }, corpusShare: 0 })

  it('matches tokens by name, and counts one that the other run has not as zero', () => {
    const a = { tokens: [token(1, 5), token(2, 3), token(3, 1)], nameOf: (id: number) => 'xabc'[id] }
    const b = { tokens: [token(7, 4), token(8, 6), token(9, 1)], nameOf: (id: number) => '.......aab'[id] }
    const { pearson, spearman } = countsAgreement(a, b)
    // a: 5, 3, 1 against 10, 1, 0.
    expect(pearson.n).toBe(3)
    expect(pearson.coefficient).toBeCloseTo(0.9078412990032037, 12)
    expect(spearman.coefficient).toBeCloseTo(1, 12)
  })
})

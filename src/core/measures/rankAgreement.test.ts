import { expect, it } from 'vitest'
import { rankAgreement } from './rankAgreement'

it('compares ranks, and the five largest', () => {
  const a = [1, 2, 3, 4, 5, 6, 7, 8]
  expect(rankAgreement(a, a)).toMatchObject({ correlation: { coefficient: 1, n: 8 }, shared: 5, of: 5 })
  expect(rankAgreement(a, a.toReversed())).toMatchObject({
    correlation: { coefficient: -1 },
    shared: 2,
    of: 5,
  })
  // scipy.stats.spearmanr([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7]).statistic
  expect(rankAgreement(a, [2, 1, 4, 3, 6, 5, 8, 7]).correlation.coefficient).toBeCloseTo(
    0.9047619047619048,
    12,
  )
})

it('leaves out what one of them does not have', () => {
  const found = rankAgreement([1, null, 3, 9, Number.NaN], [2, 5, 6, null, 1])
  expect(found).toMatchObject({ correlation: { n: 2 }, shared: 2, of: 2 })
  expect(rankAgreement([], [])).toMatchObject({ shared: 0, of: 0 })
  expect(rankAgreement([], []).correlation.coefficient).toBeNaN()
})

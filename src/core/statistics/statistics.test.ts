import { describe, expect, it } from 'vitest'
import fixture from '../../../fixtures/statistics.json'
import { FailureError } from '../failure'
import { pearson, spearman } from './correlation'
import { linearRegression } from './linearRegression'
import { meanInterval } from './mean'
import { median } from './median'
import { createRankCorrelations, kendall } from './rankCorrelations'
import { twoSidedP } from './studentT'
import { wilsonInterval } from './wilsonInterval'

const RELATIVE = 1e-9

/** Expects equality to 1e-9 relative; null means NaN. */
function expectClose(actual: number, expected: number | null, what: string) {
  if (expected === null) return expect(actual, what).toBeNaN()
  expect(Math.abs(actual - expected), `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(
    RELATIVE * Math.abs(expected),
  )
}

const cases = fixture.cases.map((one) => [one.name, one] as const)

describe('statistics as scipy computes them', () => {
  it('compares enough', () => {
    expect(cases.length).toBeGreaterThanOrEqual(24)
    const tiny = fixture.cases.filter(({ pearson: { p } }) => p !== null && p > 0 && p < 1e-190)
    expect(tiny).not.toHaveLength(0)
  })

  it.each(cases)('pearson: %s', (_, { x, y, pearson: expected }) => {
    const actual = pearson(x, y)
    expectClose(actual.coefficient, expected.coefficient, 'r')
    expectClose(actual.p, expected.p, 'p')
    expect(actual.n).toBe(x.length)
  })

  it.each(cases)('spearman: %s', (_, { x, y, spearman: expected }) => {
    const actual = spearman(x, y)
    expectClose(actual.coefficient, expected.coefficient, 'rho')
    expectClose(actual.p, expected.p, 'p')
  })

  it.each(cases)('kendall: %s', (_, { x, y, kendall: expected }) => {
    expectClose(kendall(x, y), expected, 'tau-b')
  })

  it.each(cases)('spearman of a resample: %s', (_, { x, y, spearman: expected }) => {
    const groups = Uint32Array.from(x, (_, row) => row)
    const [once] = createRankCorrelations([x], [y], groups).at(new Uint8Array(x.length).fill(1))
    expectClose(once, expected.coefficient, 'rho')
    // Rows that stand several times are as if they were written so often; those of count 0 are not there.
    const counts = x.map((_, row) => row % 4)
    const repeated = (column: readonly number[]) =>
      column.flatMap((value, row) => new Array<number>(counts[row]).fill(value))
    const [often] = createRankCorrelations([x], [y], groups).at(counts)
    const { coefficient } = spearman(repeated(x), repeated(y))
    if (Number.isNaN(coefficient)) expect(often).toBeNaN()
    else expect(often).toBeCloseTo(coefficient, 12)
  })

  it.each(cases)('regression: %s', (_, { x, y, pearson: { coefficient, p }, regression: expected }) => {
    const actual = linearRegression(x, y)
    expectClose(actual.r, coefficient, 'r')
    expectClose(actual.p, p, 'p')
    expect(actual.n).toBe(x.length)
    expectClose(actual.slope, expected?.slope ?? null, 'slope')
    expectClose(actual.intercept, expected?.intercept ?? null, 'intercept')
    expect(actual.band).toHaveLength(expected?.x.length ?? 0)
    for (const [i, { x: at, y: center, low, high }] of actual.band.entries()) {
      expectClose(at, expected?.x[i] ?? null, `x ${i}`)
      expectClose(center, expected?.y[i] ?? null, `y ${i}`)
      const half = expected?.half[i] ?? null
      expectClose(low, half === null ? null : center - half, `low ${i}`)
      expectClose(high, half === null ? null : center + half, `high ${i}`)
    }
  })

  it.each(cases)('mean: %s', (_, { y, mean: expected }) => {
    const actual = meanInterval(y)
    expectClose(actual.mean, expected.mean, 'mean')
    expectClose(actual.low, expected.low, 'low')
    expectClose(actual.high, expected.high, 'high')
    expectClose(actual.variance, expected.variance, 'variance')
  })

  it.each(fixture.tails)('p of t = $t with $degrees degrees of freedom', ({ t, degrees, p }) => {
    expectClose(twoSidedP(t, degrees), p, 'p')
  })

  it.each(fixture.shares)('Wilson interval of $successes in $n', ({ successes, n, low, high }) => {
    const actual = wilsonInterval(successes, n)
    expectClose(actual.low, low, 'low')
    expectClose(actual.high, high, 'high')
  })
})

describe('statistics', () => {
  it('take typed arrays as they take lists', () => {
    const x = [1, 2, 4, 7, 7]
    const y = [3, 1, 4, 1, 5]
    expect(spearman(Float32Array.from(x), Uint8Array.from(y))).toEqual(spearman(x, y))
    expect(linearRegression(Float64Array.from(x), Float32Array.from(y))).toEqual(linearRegression(x, y))
    expect(meanInterval(Uint16Array.from(y))).toEqual(meanInterval(y))
  })

  it('refuse columns of unequal length', () => {
    expect(() => pearson([1, 2, 3], [1, 2])).toThrow(FailureError)
    expect(() => linearRegression([1], [])).toThrow(FailureError)
  })

  it('have no share and no middle of nothing', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: Number.NaN, high: Number.NaN })
    expect(median([])).toBeNaN()
  })

  it.each([
    [[7], 7],
    [[9, 1], 5],
    [[3, 1, 2], 2],
    [[5, 5, 1, 9, 5, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[-1, 1, -3, 0, 100, -50], -0.5],
  ])('median of %j', (values, expected) => {
    const before = [...values]
    expect(median(values)).toBe(expected)
    expect(values).toEqual(before)
  })
})

import { sampleCovariance, sampleVariance } from 'simple-statistics'
import type { Regression } from '../corpus/figures/figures'
import { pearson } from './correlation'
import { meanOf } from './mean'
import { isConstant, type NumericColumn, toNumbers } from './numericColumn'
import { criticalT } from './studentT'

const BAND_POINTS = 41

/**
 * Fits ordinary least squares of y on x, with the 95 % band of its mean: y(x) -+ t(0.975, n - 2) s sqrt(1/n + (x -
 * mean)^2 / Sxx), s^2 the residual variance with n - 2 degrees of freedom (Draper and Smith, Applied Regression
 * Analysis, 1.4). `r` and `p` are Pearson's. Slope and band are NaN and empty for n < 2 and for constant x, which no
 * line explains; with constant y the slope is 0 and r and p are NaN; for n = 2 the line is exact and its band's bounds
 * are NaN.
 *
 * @throws FailureError `internal` for columns of unequal length
 */
export function linearRegression(x: NumericColumn, y: NumericColumn): Regression {
  const { coefficient: r, p, n } = pearson(x, y)
  if (n < 2 || isConstant(x)) {
    return { slope: Number.NaN, intercept: Number.NaN, r, p, n, band: [] }
  }
  const xs = toNumbers(x)
  const ys = toNumbers(y)
  const xMean = meanOf(xs)
  const yMean = meanOf(ys)
  const xVariance = sampleVariance(xs)
  const slope = isConstant(ys) ? 0 : sampleCovariance(xs, ys) / xVariance
  let squares = 0
  let from = xs[0]
  let to = xs[0]
  for (let i = 0; i < n; i++) {
    const residual = ys[i] - yMean - slope * (xs[i] - xMean)
    squares += residual * residual
    from = Math.min(from, xs[i])
    to = Math.max(to, xs[i])
  }
  const spread = criticalT(n - 2) * Math.sqrt(squares / (n - 2))
  const band = Array.from({ length: BAND_POINTS }, (_, i) => {
    const at = i === BAND_POINTS - 1 ? to : from + ((to - from) * i) / (BAND_POINTS - 1)
    const center = yMean + slope * (at - xMean)
    const half = spread * Math.sqrt(1 / n + (at - xMean) ** 2 / (xVariance * (n - 1)))
    return { x: at, y: center, low: center - half, high: center + half }
  })
  return { slope, intercept: yMean - slope * xMean, r, p, n, band }
}

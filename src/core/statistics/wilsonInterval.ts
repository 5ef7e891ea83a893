/** 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054

/**
 * Computes Wilson's score interval of a share at 95 %, without continuity correction (Wilson 1927, JASA 22:209-212, as
 * in Brown, Cai, DasGupta 2001, eq. 4). NaN for n = 0: a share of nothing is undefined.
 *
 * @param successes 0..n
 */
export function wilsonInterval(
  successes: number,
  n: number,
): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: Number.NaN, high: Number.NaN }
  const share = successes / n
  const scale = 1 + (Z * Z) / n
  const center = (share + (Z * Z) / (2 * n)) / scale
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  return {
    low: successes === 0 ? 0 : center - half,
    high: successes === n ? 1 : center + half,
  }
}

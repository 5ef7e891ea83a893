import { format } from 'd3-format'

/** Text in place of a number that is missing. */
export const NO_NUMBER = '–'

const TINY = 1e-3
const LARGE = 1000

const significant = format('.3r')
const scientific = format('.2e')
const tickScientific = format('.1~e')
const whole = format(',.0f')

/**
 * Returns three significant digits with a real minus sign: `9.16`, `0.546`, `12,345`, `1.20e-5`; `–` if it is not a
 * number. Whole digits are never rounded away, and zero has no sign.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return NO_NUMBER
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size === Number.POSITIVE_INFINITY) return value > 0 ? '∞' : '−∞'
  if (size < TINY) return scientific(value)
  if (size >= LARGE) return whole(value)
  return significant(value)
}

/** Formats like `formatNumber`, with a sign on both sides of zero: `+0.0015`, `−4.53`, `0`. */
export function formatSigned(value: number): string {
  const text = formatNumber(value)
  return value > 0 ? `+${text}` : text
}

/**
 * Returns a fixed number of decimals, for columns whose numbers are compared digit by digit: `0.546`, `10.10`. A value
 * too small to show so is written `1.20e-5` rather than as a false zero.
 */
export function formatDecimals(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatNumber(value)
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals) return scientific(value)
  return format(`,.${decimals}f`)(value)
}

/** Formats like `formatDecimals`, with a sign on both sides of zero: `+0.0015`, `−0.0005`, `0.0000`. */
export function formatSignedDecimals(value: number, decimals: number): string {
  const text = formatDecimals(value, decimals)
  return value > 0 ? `+${text}` : text
}

/** Number of further decimals that a percentage may get so that it does not read as none or all. */
const MORE_DECIMALS = 3

/** Returns a share of one as a percentage: 0.986 is `98.6%`. Only exactly none or all reads `0%` or `100%`. */
export function formatPercent(share: number, decimals = 1): string {
  if (!Number.isFinite(share)) return formatNumber(share)
  const percent = share * 100
  for (let more = 0; more <= MORE_DECIMALS; more++) {
    const shown = Number(percent.toFixed(decimals + more))
    if ((shown !== 0 || share === 0) && (shown !== 100 || share === 1)) {
      return `${formatDecimals(percent, decimals + more)}%`
    }
  }
  return `${formatDecimals(percent, decimals)}%`
}

/** Returns the number of decimals that a rounded tick needs: 2 for 0.25. */
function decimalsOf(tick: number): number {
  return Number(tick.toPrecision(6)).toString().split('.')[1]?.length ?? 0
}

/** Formats the ticks of an axis, all with the same number of decimals: `[0, 0.5, 1]` gives `0`, `0.5`, `1.0`. */
export function formatTicks(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(ticks[0] ?? 1)
  if (!(step > 0) || step >= 1) return ticks.map(whole)
  if (step < 1e-4) return ticks.map((tick) => (tick === 0 ? '0' : tickScientific(tick)))
  const decimals = Math.max(...ticks.map(decimalsOf))
  return ticks.map((tick) => (tick === 0 ? '0' : format(`.${decimals}f`)(tick)))
}

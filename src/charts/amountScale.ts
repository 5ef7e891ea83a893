import { median } from 'd3-array'
import { color } from 'd3-color'
import { interpolateLab } from 'd3-interpolate'
import { scaleQuantize } from 'd3-scale'
import { amountDomain, type Domain } from './domain'

/** Holds the ends of a sequential scale, as colours that need no document to be read (`#0b6e8f`, `rgb(…)`). */
export interface ScaleColors {
  readonly low: string
  readonly high: string
}

export type AmountTransform = 'linear' | 'sqrt'

/** Number of colour steps: more cannot be told apart, and each costs a path. */
export const COLOR_STEPS = 48

/** Step of a value that is not a number. */
export const NO_STEP = -1

const FALLBACK_COLORS: ScaleColors = { low: '#f0efe8', high: '#0b6e8f' }

export interface AmountScale {
  readonly domain: Domain
  readonly transform: AmountTransform
  /** One colour for each step, from low to high. */
  readonly colors: readonly string[]
  /** Returns an index into `colors`, or NO_STEP. Values outside the domain take the colour of its ends. */
  step(value: number): number
}

/**
 * Chooses a square root if most amounts are small compared with the largest (a median under a quarter of it), else
 * linear.
 */
export function inferTransform(values: Iterable<number>): AmountTransform {
  const present = Array.from(values).filter((value) => Number.isFinite(value) && value > 0)
  const largest = present.reduce((max, value) => Math.max(max, value), 0)
  const middle = median(present) ?? 0
  return middle < largest / 4 ? 'sqrt' : 'linear'
}

/** Returns the fraction, 0 to 1, of a value along the scale; NaN if it is not a number. */
export function amountFraction(value: number, [low, high]: Domain, transform: AmountTransform): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return transform === 'sqrt' ? Math.sqrt(share) : share
}

/**
 * Returns a colour at each of `count` even fractions, interpolated in CIELAB; ends that cannot be read give the
 * fallback hue.
 */
export function sampleColors({ low, high }: ScaleColors, count: number): string[] {
  const interpolate = interpolateLab(color(low) ?? FALLBACK_COLORS.low, color(high) ?? FALLBACK_COLORS.high)
  return Array.from({ length: count }, (_, i) => interpolate(count > 1 ? i / (count - 1) : 1))
}

/** Builds a sequential scale of at most COLOR_STEPS steps over the amounts given. */
export function createAmountScale(
  values: Iterable<number>,
  colors: ScaleColors,
  options: { readonly domain?: Domain; readonly transform?: AmountTransform } = {},
): AmountScale {
  const domain = options.domain ?? amountDomain(values)
  const transform = options.transform ?? inferTransform(values)
  const quantize = scaleQuantize<number>()
    .domain([0, 1])
    .range(Array.from({ length: COLOR_STEPS }, (_, i) => i))
  return {
    domain,
    transform,
    colors: sampleColors(colors, COLOR_STEPS),
    step: (value) => {
      const fraction = amountFraction(value, domain, transform)
      return Number.isNaN(fraction) ? NO_STEP : quantize(fraction)
    },
  }
}

const LEGEND_STOPS = 17

/**
 * Returns the colours along the legend's bar. The bar is even in value, so under a square-root scale it is not even in
 * colour.
 */
export function legendStops(
  colors: ScaleColors,
  transform: AmountTransform,
): { readonly offset: number; readonly color: string }[] {
  const ramp = sampleColors(colors, 101)
  return Array.from({ length: LEGEND_STOPS }, (_, i) => {
    const offset = i / (LEGEND_STOPS - 1)
    return { offset, color: ramp[Math.round(amountFraction(offset, [0, 1], transform) * 100)] }
  })
}

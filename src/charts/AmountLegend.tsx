import './charts.css'
import { type AmountTransform, legendStops, type ScaleColors } from './amountScale'
import type { Domain } from './domain'
import { formatNumber } from './formatNumber'

export interface AmountLegendProps {
  /** Name of the quantity that the colour encodes, with its norm: `embedding shift, l2`; absent where it stands beside. */
  readonly label?: string
  /** Meaning of the lower and the upper end, in words. */
  readonly ends?: readonly [string, string]
  /** Real values at both ends. */
  readonly domain: Domain
  /** Colours of the lower and the upper end, resolved. */
  readonly colors: ScaleColors
  readonly transform?: AmountTransform
  readonly formatValue?: (value: number) => string
}

/** Draws the legend of a sequential scale: its label, its ends, and a note if it is a square-root scale. */
export function AmountLegend({
  label,
  ends,
  domain,
  colors,
  transform = 'linear',
  formatValue = formatNumber,
}: AmountLegendProps) {
  const stops = legendStops(colors, transform).map(({ color }) => color)
  return (
    <p className="chart-legend">
      {label !== undefined && <span className="chart-legend-label">{label}</span>}{' '}
      {ends && <span className="chart-legend-label">{ends[0]}</span>} <span>{formatValue(domain[0])}</span>
      <span
        className="chart-legend-bar"
        aria-hidden="true"
        style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <span className="chart-hidden">to</span> <span>{formatValue(domain[1])}</span>{' '}
      {ends && <span className="chart-legend-label">{ends[1]}</span>}
      {transform === 'sqrt' && <span className="chart-legend-label"> square-root scale</span>}
    </p>
  )
}

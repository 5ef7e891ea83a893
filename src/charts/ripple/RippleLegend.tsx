import { useId } from 'react'
import { type AmountScale, legendStops, type ScaleColors } from '../amountScale'
import { estimateTextWidth } from '../labelText'

export interface RippleLegendProps {
  readonly label: string
  /** Meaning of the lower and the upper end, in words. */
  readonly ends?: readonly [string, string]
  readonly scale: AmountScale
  readonly colors: ScaleColors
  readonly formatValue: (value: number) => string
}

export const LEGEND_HEIGHT = 26
const BAR = 120
const SIZE = 11

/** Draws the legend inside the drawing: hidden on the page, where AmountLegend shows it, and visible in an export. */
export function RippleLegend({ label, ends, scale, colors, formatValue }: RippleLegendProps) {
  const id = useId()
  const { domain, transform } = scale
  const stops = legendStops(colors, transform)
  const text = [label, ends?.[0], formatValue(domain[0])].filter(Boolean).join('   ')
  const barStart = Math.ceil(8 + estimateTextWidth(text, SIZE) + 8)
  const end = [formatValue(domain[1]), ends?.[1], transform === 'sqrt' && 'square-root scale']
    .filter(Boolean)
    .join('   ')
  return (
    <g data-export="footer" data-height={LEGEND_HEIGHT} display="none">
      <linearGradient id={id}>
        {stops.map(({ offset, color }) => (
          <stop key={offset} offset={offset} stopColor={color} />
        ))}
      </linearGradient>
      <text className="chart-tick" x={8} y={16}>
        {text}
      </text>
      <rect x={barStart} y={8} width={BAR} height={9} fill={`url(#${id})`} />
      <text className="chart-tick" x={barStart + BAR + 8} y={16}>
        {end}
      </text>
    </g>
  )
}

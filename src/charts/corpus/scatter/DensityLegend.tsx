import { densityStops } from './density'
import type { PointStyle } from './layers/pointLayer'

export interface DensityLegendProps {
  /** Largest number of points that overlap. */
  readonly most: number
  readonly style: PointStyle
  /** Meaning of the second colour; null if there is none. */
  readonly marked: string | null
}

/** Explains the strength of the colours, from one point to the largest overlap, and the second colour. */
export function DensityLegend({ most, style, marked }: DensityLegendProps) {
  return (
    <div className="corpus-legend">
      {most > 1 && (
        <p className="chart-legend">
          <span className="chart-legend-label">points per pixel</span> <span>1</span>
          <span
            className="chart-legend-bar"
            aria-hidden="true"
            style={{ background: `linear-gradient(to right, ${densityStops(style.plain, most).join(', ')})` }}
          />
          <span className="chart-hidden">to</span> <span>{most.toLocaleString('en')}</span>
        </p>
      )}
      {marked !== null && (
        <p className="chart-legend">
          <span className="corpus-swatch chart-series-1" aria-hidden="true" />
          {marked}
        </p>
      )}
    </div>
  )
}

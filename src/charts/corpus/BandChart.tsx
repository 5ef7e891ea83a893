import './corpusCharts.css'
import { LineChart, type LineChartProps } from '../line/LineChart'
import type { LineSeries } from '../line/lineChartGeometry'
import { useElementWidth } from '../useElementWidth'

export interface BandChartProps extends Omit<LineChartProps, 'width' | 'height' | 'names' | 'foot'> {
  readonly description: string
  readonly height?: number
}

/** Returns the number of values per point: one number, or the smallest and the largest. */
export function countText(series: readonly LineSeries[]): string {
  const counts = series.flatMap(({ layers }) => layers.map(({ n = 0 }) => n))
  if (counts.length === 0) return 'n 0'
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((n) => n.toLocaleString('en'))
  return least === most ? `n ${least}` : `n ${least} to ${most}`
}

/** Draws means over the layers, each with its interval as a band, over the whole width of its panel. */
export function BandChart({ series, description, height = 260, ...chart }: BandChartProps) {
  const [frame, width] = useElementWidth<HTMLDivElement>()
  return (
    <div className="chart chart-curve" ref={frame}>
      {/* The size is known once the frame is on the page. */}
      {width > 0 && (
        <LineChart
          {...chart}
          series={series}
          description={`${description} ${countText(series)}. Arrow keys move ${chart.axis ? 'along the axis' : 'over the layers'}.`}
          names="whole"
          width={width}
          height={height}
          foot={(spoken) => (
            <div className="chart-foot">
              <p className="chart-readout" aria-hidden="true">
                {spoken || countText(series)}
              </p>
            </div>
          )}
        />
      )}
    </div>
  )
}

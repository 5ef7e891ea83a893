import { type ReactNode, useState } from 'react'
import { effectUnit } from '../../core/corpus/figures/claims'
import type { EffectFigure } from '../../core/corpus/figures/figures'
import type { Norm } from '../../core/measures/norm'
import { NORM_NAMES } from '../../core/measures/norm'
import { meanOf } from '../../core/statistics/mean'
import { formatNumber, formatPercent } from '../formatNumber'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { correlationText } from './correlationText'
import { PointTable } from './PointTable'
import { Switch } from './Switch'
import { Scatterplot } from './scatter/Scatterplot'
import type { ScatterplotProps } from './scatter/scatterplotProps'
import { useColumns } from './useColumns'
import { useExport } from './useExport'

export interface EffectChartProps
  extends CorpusChartProps,
    Pick<ScatterplotProps, 'tooltip' | 'onHover' | 'onOpen' | 'onSelect' | 'selected' | 'describe'> {
  readonly figure: EffectFigure | null
  /** Run whose points are not drawn, and the names of both runs, first that of the points. */
  readonly other?: { readonly figure: EffectFigure | null; readonly names: readonly [string, string] } | null
  /** Controls between heading and plot, next to the chart's own. */
  readonly controls?: ReactNode
  readonly tokenName: (id: number) => string
  readonly norm?: Norm
}

const EXTREMES = { highest: 5, lowest: 0 }
const AXES = { x: 'linear', y: 'sqrt' } as const

type Against = 'shift' | 'distance'

const CHOICES: readonly { readonly value: Against; readonly name: string }[] = [
  { value: 'shift', name: 'against shift' },
  { value: 'distance', name: 'against last layer' },
]

function agreementOf({ againstShift, againstLastDistance }: EffectFigure, against: Against): string {
  const { pearson, spearman } = against === 'shift' ? againstShift : againstLastDistance
  return correlationText(pearson, spearman)
}

const flipsOf = (figure: EffectFigure) =>
  effectUnit(figure) === 'score'
    ? `a score, mean |change| ${formatNumber(meanOf(figure.points.change))}`
    : `${formatPercent(figure.flips)} flip the label`

/**
 * Draws experiment 5, whether a minimal shift has a minimal effect: the change of the prediction against the token's
 * shift.
 */
export function EffectChart(props: EffectChartProps) {
  const { figure, other = null, controls, tokenName, norm = 'l2', actions, svgRef, ...rest } = props
  const [against, setAgainst] = useState<Against>('shift')
  const [exports, exporting] = useExport<HTMLSpanElement>()
  const points = figure?.points
  const byShift = against === 'shift'
  const columns = useColumns(byShift ? points?.shift : points?.lastDistance, points?.change, points?.flipped)
  const shiftLabel = `embedding shift, ${NORM_NAMES[norm]}`
  const agreement = figure ? agreementOf(figure, against) : ''
  const flips = figure ? flipsOf(figure) : ''
  const unit = figure ? effectUnit(figure) : 'probability'
  const own = figure ? `${agreement} · ${flips} · n ${figure.n.toLocaleString('en')}` : ''
  const others =
    other?.figure &&
    `${other.names[1]}: ${agreementOf(other.figure, against)} · ${flipsOf(other.figure)} · n ${other.figure.n.toLocaleString('en')}`

  const table = () =>
    points && (
      <PointTable
        caption={`Change of the prediction; ${agreement}; ${flips}`}
        columns={[
          { heading: shiftLabel, values: points.shift },
          { heading: 'distance at the last layer', values: points.lastDistance },
          { heading: `|change of ${unit}|`, values: points.change },
          ...(unit === 'score' ? [] : [{ heading: 'label flips', values: points.flipped }]),
        ]}
        nameOf={(i) => tokenName(points.tokenIds[i])}
        selected={rest.selected}
      />
    )

  return (
    <CorpusFrame
      {...rest}
      heading="Effect on the prediction"
      subtitle={
        figure && figure.n > 0
          ? [other ? `${other.names[0]}: ${own}` : own, ...(others ? [others] : [])].join('; ')
          : undefined
      }
      missing={
        figure && figure.n > 0
          ? null
          : 'Run a corpus with a model that classifies to see what substitutions do to its prediction.'
      }
      actions={
        actions && (
          <span className="chart-actions" ref={exports}>
            {actions}
          </span>
        )
      }
      table={table}
    >
      <div className="corpus-switches">
        {controls}
        <Switch label="Across" choices={CHOICES} value={against} onChange={setAgainst} />
      </div>
      <Scatterplot
        // A change of the x axis remounts the plot: the former view has no meaning on another axis.
        key={against}
        points={columns}
        tokenIds={points?.tokenIds}
        tokenName={tokenName}
        xLabel={byShift ? shiftLabel : 'distance at the last layer, l2'}
        yLabel={`|change of ${unit}|, square-root scale`}
        title={`Change of the prediction ${byShift ? 'against embedding shift' : 'against distance at the last layer'}`}
        description={`${agreement}. ${flips}.${others ? ` ${others}.` : ''}`}
        extremes={EXTREMES}
        axes={AXES}
        markedLabel={unit === 'score' ? undefined : 'label flips'}
        svgRef={svgRef}
        exporting={exporting}
        selected={rest.selected}
        tooltip={rest.tooltip}
        describe={rest.describe}
        onHover={rest.onHover}
        onOpen={rest.onOpen}
        onSelect={rest.onSelect}
      />
    </CorpusFrame>
  )
}

import { useMemo, useState } from 'react'
import type { CausalFigure, CausalKind } from '../../core/corpus/figures/figures'
import { PERTURBATION_NAMES, PLACE_NAMES } from '../../core/corpus/runSettings'
import { CARRIERS, type Carrier } from '../../core/measures/patchSweep'
import { formatDecimals } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { type Compared, comparedSeries, isByDepth } from './compared'
import { mainCausal } from './findings'
import { layerTable } from './layerTable'
import { Switch } from './Switch'

export interface CausalChartProps extends CorpusChartProps {
  readonly figure: CausalFigure | null
  readonly compared?: Compared<CausalFigure> | null
  /** Says whether states were restored or transferred; null where the run measured neither. */
  readonly reading: 'restored' | 'transferred' | null
}

/** Names parts of a layer, short enough for the ends of lines. */
const CARRIER_NAMES: Readonly<Record<Carrier, string>> = {
  own: 'own position',
  others: 'all others',
  read: 'read by the head',
  whole: 'whole layer',
}

const CHOICES = CARRIERS.map((value) => ({ value, name: CARRIER_NAMES[value] }))

const twoDigits = (value: number) => formatDecimals(value, 2)

const keyOf = ({ perturbation, place }: CausalKind) => `${perturbation} ${place}`
const nameOf = ({ perturbation, place }: CausalKind) =>
  `${PERTURBATION_NAMES[perturbation]}, ${PLACE_NAMES[place]} tokens`

const valuesOf = ({ n, layers }: CausalKind, part: Carrier): LineValue[] =>
  layers.flatMap(({ layer, [part]: { mean, low, high } }) =>
    Number.isFinite(mean) ? [{ layer, n, value: mean, low, high }] : [],
  )

/** Draws which share of the effect the parts of each layer carry, each with its interval; of two runs, one part. */
export function CausalChart({ figure, compared = null, reading, svgRef, ...frame }: CausalChartProps) {
  const [chosen, choose] = useState('')
  const [part, choosePart] = useState<Carrier>('own')
  const kinds = figure?.kinds ?? []
  const kind = kinds.find((one) => keyOf(one) === chosen) ?? mainCausal(figure)
  const series = useMemo((): LineSeries[] => {
    if (!kind) return []
    if (compared) {
      return comparedSeries(figure, compared, (of) => {
        const same = of.kinds.find((one) => keyOf(one) === keyOf(kind))
        return same ? valuesOf(same, part) : []
      })
    }
    return CARRIERS.map((of, i) => ({
      id: of,
      label: CARRIER_NAMES[of],
      className: `chart-series-${i}`,
      layers: valuesOf(kind, of),
    }))
  }, [figure, kind, compared, part])
  const byDepth = compared !== null && isByDepth(compared)
  const amount = kind
    ? `n ${kind.n.toLocaleString('en')} in ${kind.texts.toLocaleString('en')} texts; ${kind.leftOut.toLocaleString('en')} left out, effect within rounding`
    : ''
  const what = `share of the effect ${reading ?? 'carried'}${compared ? `, ${CARRIER_NAMES[part]}` : ''}, mean and 95 % CI by bootstrap over texts`
  const drawn = series.some(({ layers }) => layers.length > 0)
  return (
    <CorpusFrame
      {...frame}
      heading="Where the effect is carried"
      subtitle={[what, amount].filter(Boolean).join(' · ')}
      missing={missingText(drawn, kind, reading)}
      table={() =>
        layerTable(`${what}; ${amount}`, series, (value) => intervalText(value, twoDigits), byDepth)
      }
    >
      {kinds.length > 1 && (
        <label className="corpus-kind">
          <span>Change</span>
          <select value={kind ? keyOf(kind) : ''} onChange={(event) => choose(event.currentTarget.value)}>
            {kinds.map((one) => (
              <option key={keyOf(one)} value={keyOf(one)}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      {compared && <Switch label="Part of the layer" choices={CHOICES} value={part} onChange={choosePart} />}
      <BandChart
        series={series}
        scale="value"
        reference={0}
        referenceLabel="0: carries nothing"
        byDepth={byDepth}
        yLabel="share of the effect"
        title={`Share of the effect ${reading ?? 'carried'}, by layer`}
        description={`One line ${compared ? 'a run' : 'a part of the layer'}. ${countText(series)}.`}
        formatValue={twoDigits}
        height={260}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}

function missingText(
  drawn: boolean,
  kind: CausalKind | null,
  reading: CausalChartProps['reading'],
): string | null {
  if (drawn) return null
  if (reading === null) {
    return 'This run did not measure it. Choose “restored” or “transferred” in the settings of a run, which then takes many times as long.'
  }
  return kind
    ? `The effect of all ${kind.leftOut.toLocaleString('en')} changes is within rounding: no share of it has a meaning.`
    : 'The first texts are being measured.'
}

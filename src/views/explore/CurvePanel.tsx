import { type ReactNode, useMemo, useRef, useState } from 'react'
import { ChartFrame } from '../../charts/ChartFrame'
import { DataTable } from '../../charts/DataTable'
import { formatNumber } from '../../charts/formatNumber'
import { LayerCurve } from '../../charts/LayerCurve'
import { useElementWidth } from '../../charts/useElementWidth'
import { secondSeries, sideNames } from '../../state/compare/compareSelectors'
import { isSideBusy } from '../../state/explore/explore'
import {
  activeSubstitutions,
  type ComparisonSeries,
  comparisonSeries,
  describeProvenance,
  type Quantity,
  quantityOf,
} from '../../state/selectors'
import { OTHER, OWN } from '../../state/side/side'
import { useActions, useAppStore } from '../appContext'
import { ChartWaiting } from '../ChartWaiting'
import { Exports } from '../Exports'
import { Term } from '../Term'
import { usePhone } from '../usePhone'
import { useMeasuring } from './useMeasuring'
import { useSteady } from './useSteady'

const CHOICES: readonly { readonly value: Quantity; readonly name: string; readonly label: string }[] = [
  { value: 'distance', name: 'absolute', label: 'D_l, l2 over the whole sequence' },
  { value: 'relative', name: 'relative', label: 'D_l / ‖h_l(x)‖' },
  { value: 'own', name: 'own position', label: 'l2 at the substituted position' },
  { value: 'cosine', name: '1 − cosine', label: '1 − cosine of h_l(x) and h_l(x′)' },
]

/** Names the source of the lines' numbers: the present change's or the pins', and the second model's. */
function sourceOf(lines: readonly ComparisonSeries[], other: ComparisonSeries | null): string | null {
  const line = lines.find(({ active }) => active) ?? lines[0]
  const first = line ? describeProvenance(line.provenance) : null
  const second = other && describeProvenance(other.provenance)
  return first && second && first !== second ? `${first}. The second line: ${second}` : (first ?? second)
}

interface CurvePanelProps {
  /** Button next to the chart's own, which starts a comparison. */
  readonly comparing?: ReactNode
}

/** Draws the distance of every layer: for the present change, the comparison, and the pins (fig. 3). */
export function CurvePanel({ comparing }: CurvePanelProps) {
  const present = useAppStore(comparisonSeries)
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(present.some(({ active }) => active) ? present : null, measuring)
  const comparisons = shown ?? present
  const measuringSecond = useAppStore((state) => isSideBusy(state, OTHER))
  const second = useSteady(useAppStore(secondSeries), measuring || measuringSecond).shown
  const hasModel = useAppStore((state) => (state.session.comparison?.model ?? null) !== null)
  const { [OWN]: first } = useAppStore(sideNames)
  const twoModels = second !== null && hasModel
  // Norms of two models are not on one scale: only relative distances can be compared.
  const [picked, setPicked] = useState<{ readonly alone?: Quantity; readonly compared?: Quantity }>({})
  const quantity = twoModels ? (picked.compared ?? 'relative') : (picked.alone ?? 'distance')
  const pick = (value: Quantity) => setPicked({ ...picked, [twoModels ? 'compared' : 'alone']: value })
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const svg = useRef<SVGSVGElement>(null)
  const phone = usePhone()
  const { label } = CHOICES.find(({ value }) => value === quantity) ?? CHOICES[0]

  const series = useMemo(
    () =>
      [...comparisons, ...(second ? [second] : [])].map((line) => ({
        id: line.id,
        label: second && line.active ? `${first}: ${line.label}` : line.label,
        color: line.color,
        active: line.active,
        dashed: line === second,
        values: line.distances.map((layer) => quantityOf(layer, quantity)),
      })),
    [comparisons, second, first, quantity],
  )
  const lengths = series.map(({ values }) => values.length)
  const byDepth = Math.min(...lengths) !== Math.max(...lengths)
  const drawn = byDepth ? `${label}, over relative depth l / L` : label

  const table = () => (
    <DataTable
      caption={`Distance by layer: ${label}${byDepth ? '; each model’s own layers' : ''}`}
      columns={[{ heading: 'layer' }, ...series.map(({ label }) => ({ heading: label, numeric: true }))]}
      rows={Array.from({ length: Math.max(0, ...lengths) }, (_, layer) => ({
        id: layer,
        cells: [
          layer === 0 ? 'emb' : `${layer}`,
          ...series.map(({ values }) => formatNumber(values[layer] ?? Number.NaN)),
        ],
      }))}
    />
  )

  return (
    <ChartFrame
      heading="Distance by layer"
      subtitle={
        <>
          how far each layer moves, <Term name="Distance by layer, D_l">D_l</Term>
        </>
      }
      table={series.length > 0 ? table : undefined}
      actions={
        <>
          {comparing}
          {series.length > 0 && (
            <>
              <PinButton pinned={comparisons.some(({ active, pin }) => active && pin !== null)} />
              <Exports
                title="Distance by layer"
                name="ripplescope-layers"
                chart={{ svg, description: drawn, source: () => sourceOf(comparisons, second) }}
              />
            </>
          )}
        </>
      }
    >
      <fieldset className="segments">
        <legend className="visually-hidden">Distance shown</legend>
        {CHOICES.map(({ value, name, label: meaning }) => (
          <label key={value} title={meaning}>
            <input type="radio" name="quantity" checked={quantity === value} onChange={() => pick(value)} />
            {name}
          </label>
        ))}
      </fieldset>
      <div ref={frame} className={stale ? 'stale' : undefined}>
        {series.length === 0 ? (
          <ChartWaiting className="curve-skeleton" />
        ) : (
          width > 0 && (
            <LayerCurve
              series={series}
              yLabel={drawn}
              byDepth={byDepth}
              width={width}
              height={phone ? 240 : 300}
              formatValue={formatNumber}
              svgRef={svg}
            />
          )
        )}
      </div>
    </ChartFrame>
  )
}

function PinButton({ pinned }: { readonly pinned: boolean }) {
  const changed = useAppStore((state) => (activeSubstitutions(state)?.length ?? 0) > 0)
  const { pin } = useActions()
  return (
    <button
      type="button"
      className="chart-button pin-button"
      title="Keep this comparison beside the next ones"
      aria-disabled={pinned || !changed}
      onClick={pin}
    >
      {pinned ? 'Pinned' : 'Pin'}
    </button>
  )
}

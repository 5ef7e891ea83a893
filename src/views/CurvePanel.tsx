import { useMemo, useRef, useState } from 'react'
import { ChartFrame } from '../charts/ChartFrame'
import { DataTable } from '../charts/DataTable'
import { formatNumber } from '../charts/formatNumber'
import { LayerCurve } from '../charts/LayerCurve'
import { useElementWidth } from '../charts/useElementWidth'
import type { LayerDistance } from '../core/measurement'
import { activeSubstitutions, comparisonSeries, type Quantity, quantityOf } from '../state/selectors'
import { useActions, useAppStore } from './appContext'
import { ChartExports } from './ChartExports'
import { ChartWaiting } from './ChartWaiting'
import { useMeasuring } from './useMeasuring'
import { usePhone } from './usePhone'
import { useSteady } from './useSteady'

const CHOICES: readonly { readonly value: Quantity; readonly name: string; readonly label: string }[] = [
  { value: 'distance', name: 'absolute', label: 'D_l, l2 over the whole sequence' },
  { value: 'relative', name: 'relative', label: 'D_l / ‖h_l(x)‖' },
  { value: 'own', name: 'own position', label: 'l2 at the substituted position' },
  { value: 'cosine', name: '1 − cosine', label: '1 − cosine of h_l(x) and h_l(x′)' },
]

/** How far every layer moves: the present change and the pins (fig. 3). */
export function CurvePanel() {
  const present = useAppStore(comparisonSeries)
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(present.some(({ active }) => active) ? present : null, measuring)
  const comparisons = shown ?? present
  const [quantity, setQuantity] = useState<Quantity>('distance')
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const svg = useRef<SVGSVGElement>(null)
  const phone = usePhone()
  const { label } = CHOICES.find(({ value }) => value === quantity) ?? CHOICES[0]

  const series = useMemo(
    () =>
      comparisons.map(({ id, label, color, active, distances }) => ({
        id,
        label,
        color,
        active,
        values: distances.map((layer) => quantityOf(layer, quantity)),
      })),
    [comparisons, quantity],
  )

  const table = () => (
    <DataTable
      caption={`Distance by layer: ${label}`}
      columns={[{ heading: 'layer' }, ...series.map(({ label }) => ({ heading: label, numeric: true }))]}
      rows={(comparisons[0]?.distances ?? []).map(({ layer }: LayerDistance) => ({
        id: layer,
        cells: [layer === 0 ? 'emb' : `${layer}`, ...series.map(({ values }) => formatNumber(values[layer]))],
      }))}
    />
  )

  return (
    <ChartFrame
      heading="Distance by layer"
      subtitle="how far each layer moves"
      table={series.length > 0 ? table : undefined}
      actions={
        series.length > 0 && (
          <>
            <PinButton pinned={comparisons.some(({ active, pin }) => active && pin !== null)} />
            <ChartExports svg={svg} name="ripplescope-layers" title="Distance by layer" description={label} />
          </>
        )
      }
    >
      <fieldset className="segments">
        <legend className="visually-hidden">Distance shown</legend>
        {CHOICES.map(({ value, name, label: meaning }) => (
          <label key={value} title={meaning}>
            <input
              type="radio"
              name="quantity"
              checked={quantity === value}
              onChange={() => setQuantity(value)}
            />
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
              yLabel={label}
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

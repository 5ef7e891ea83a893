import { type ReactNode, useMemo, useRef } from 'react'
import { ChartFrame } from '../../../charts/ChartFrame'
import { DataTable } from '../../../charts/DataTable'
import { formatNumber } from '../../../charts/formatNumber'
import { LayerCurve } from '../../../charts/line/LayerCurve'
import { useElementWidth } from '../../../charts/useElementWidth'
import type { Curve } from '../../../core/session/session'
import { secondSeries, sideNames } from '../../../state/compare/compareSelectors'
import { isSideBusy } from '../../../state/explore/explore'
import { effectShares } from '../../../state/explore/patchSelectors'
import { hasAnswer } from '../../../state/explore/questions/exploreLayerAnswers'
import {
  activeMeasurement,
  activeSubstitutions,
  type ComparisonSeries,
  comparisonSeries,
  describeProvenance,
  type Quantity,
  quantityOf,
} from '../../../state/selectors'
import { OTHER, OWN } from '../../../state/side/side'
import { isCompared } from '../../../state/side/sideModel'
import { useActions, useAppStore } from '../../appContext'
import { ChartWaiting } from '../../ChartWaiting'
import { ExpectedTime } from '../../ExpectedTime'
import { Exports } from '../../Exports'
import { SideProvider, useSideStore } from '../../side'
import { Term } from '../../Term'
import { usePhone } from '../../usePhone'
import { WithSubscripts } from '../../WithSubscripts'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'
import { Sweep } from './RippleShares'
import { useAnswerLines, useCarriedLines } from './useCurveLines'

const CHOICES: readonly { readonly value: Curve; readonly name: string; readonly label: string }[] = [
  { value: 'distance', name: 'absolute', label: 'D_l, l2 over the whole sequence' },
  { value: 'relative', name: 'relative', label: 'D_l / ‖h_l(x)‖' },
  { value: 'own', name: 'own position', label: 'l2 at the substituted position' },
  { value: 'cosine', name: '1 − cosine', label: '1 − cosine of h_l(x) and h_l(x′)' },
  { value: 'answer', name: 'answer', label: 'What the head answers to each layer’s states (logit lens)' },
  {
    value: 'carried',
    name: 'effect',
    label: 'Share of the effect on the answer that a part of each layer carries (activation patching)',
  },
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
  const usual = twoModels ? 'relative' : 'distance'
  const curve = useAppStore((state) => state.session.curve) ?? usual
  const quantity: Quantity = curve === 'answer' || curve === 'carried' ? usual : curve
  const { setCurve } = useActions()
  const answerLines = useAnswerLines()
  const carriedLines = useCarriedLines()
  const other = curve === 'answer' ? answerLines : curve === 'carried' ? carriedLines : null
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const svg = useRef<SVGSVGElement>(null)
  const phone = usePhone()
  const { label } = CHOICES.find(({ value }) => value === quantity) ?? CHOICES[0]

  const distances = useMemo(
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
  const series = other?.series ?? distances
  const lengths = series.map(({ values }) => values.length)
  const byDepth = Math.min(...lengths) !== Math.max(...lengths)
  const named = other?.label ?? label
  const drawn = byDepth ? `${named}, over relative depth l / L` : named
  const heading = other?.heading ?? 'Distance by layer'
  const format = other?.format ?? formatNumber

  const table = () => (
    <DataTable
      caption={`${heading}: ${named}${byDepth ? '; each model’s own layers' : ''}`}
      columns={[{ heading: 'layer' }, ...series.map(({ label }) => ({ heading: label, numeric: true }))]}
      rows={Array.from({ length: Math.max(0, ...lengths) }, (_, layer) => ({
        id: layer,
        cells: [
          layer === 0 ? 'emb' : `${layer}`,
          ...series.map(({ values }) => format(values[layer] ?? Number.NaN)),
        ],
      }))}
    />
  )

  return (
    <ChartFrame
      heading={heading}
      subtitle={
        other?.subtitle ?? (
          <>
            how far each layer moves,{' '}
            <Term name="Distance by layer, D_l">
              <WithSubscripts text="D_l" />
            </Term>
          </>
        )
      }
      table={series.length > 0 ? table : undefined}
      actions={
        <>
          {comparing}
          {series.length > 0 && (
            <>
              {!other && <PinButton pinned={comparisons.some(({ active, pin }) => active && pin !== null)} />}
              <Exports
                title={heading}
                name={other ? `ripplescope-${curve}-by-layer` : 'ripplescope-layers'}
                chart={{
                  svg,
                  description: drawn,
                  source: other?.source ?? (() => sourceOf(comparisons, second)),
                }}
                {...(other && { csv: other.csv })}
              />
            </>
          )}
        </>
      }
    >
      <fieldset className="segments">
        <legend className="visually-hidden">What the curve shows</legend>
        {CHOICES.map(({ value, name, label: meaning }) => (
          <label key={value} title={meaning}>
            <input
              type="radio"
              name="quantity"
              checked={curve === value}
              onChange={() => setCurve(value === usual ? null : value)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {/* Told once to a screen reader, however many charts wait. */}
      <div role="status">
        <ExpectedTime stale={other?.stale ?? stale} />
      </div>
      <div ref={frame} className={(other?.stale ?? stale) ? 'stale' : undefined}>
        {series.length === 0 ? (
          <CurveWaiting curve={curve} />
        ) : (
          width > 0 && (
            <LayerCurve
              series={series}
              yLabel={drawn}
              byDepth={byDepth}
              width={width}
              height={phone ? 240 : 300}
              formatValue={format}
              title={heading}
              scale={other?.scale}
              svgRef={svg}
            />
          )
        )}
      </div>
      {other && series.length > 0 && <p className="soft curve-note">{other.note}</p>}
      {curve === 'carried' && <CarriedSweeps />}
    </ChartFrame>
  )
}

/** Fills the place of a curve that is not known yet. */
function CurveWaiting({ curve }: { readonly curve: Curve }) {
  const { failure } = useAppStore(({ sides }) => sides[OWN][curve === 'answer' ? 'layerAnswers' : 'patches'])
  const measured = useAppStore((state) => activeMeasurement(state)?.substitutions.length ?? 0) > 0
  const answers = useAppStore((state) => hasAnswer(state))
  const opened = useAppStore((state) => state.model.status === 'ready')
  if (measured && curve === 'answer' && !answers) {
    return <p className="curve-skeleton">This model has no head that answers to this text.</p>
  }
  if (measured && failure && curve === 'answer' && failure.kind !== 'not-ready') {
    return (
      <p className="curve-skeleton" role="alert">
        {failure.message} {failure.advice}
      </p>
    )
  }
  if (measured && curve === 'carried' && opened) {
    return <p className="curve-skeleton">Sweep to see which part of each layer carries the effect.</p>
  }
  return <ChartWaiting className="curve-skeleton" />
}

/** Starts the sweeps below the curve, one a side, and says why one failed. */
function CarriedSweeps() {
  const compared = useAppStore(isCompared)
  const names = useAppStore(sideNames)
  if (!compared) return <CarriedSweep />
  return [OWN, OTHER].map((side) => (
    <SideProvider key={side} side={side}>
      <CarriedSweep name={names[side]} />
    </SideProvider>
  ))
}

/** @param name of the side; absent where there is one only */
function CarriedSweep({ name }: { readonly name?: string }) {
  const shares = useSideStore(effectShares)
  const { failure } = useSideStore(({ sides }, side) => sides[side].patches)
  return (
    <div className="ripple-shares">
      {name !== undefined && <p className="soft side-name">{name}</p>}
      {failure && (
        <p role="alert" className="problem">
          {failure.message} {failure.advice}
        </p>
      )}
      {shares?.nothing ? (
        <p>The effect is within rounding, so that no share of it has a meaning.</p>
      ) : (
        <Sweep known={shares} />
      )}
    </div>
  )
}

function PinButton({ pinned }: { readonly pinned: boolean }) {
  const changed = useAppStore((state) => (activeSubstitutions(state)?.length ?? 0) > 0)
  const { pin } = useActions()
  return (
    <button
      type="button"
      className="chart-button pin-button"
      title="Keep this line for comparison with the next ones"
      aria-disabled={pinned || !changed}
      onClick={pin}
    >
      {pinned ? 'Pinned' : 'Pin'}
    </button>
  )
}

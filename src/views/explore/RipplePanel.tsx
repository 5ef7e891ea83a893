import { useCallback, useMemo, useRef } from 'react'
import { ChartFrame } from '../../charts/ChartFrame'
import { DataTable } from '../../charts/DataTable'
import { formatNumber } from '../../charts/formatNumber'
import { RippleMap } from '../../charts/RippleMap'
import { useElementWidth } from '../../charts/useElementWidth'
import type { Measurement } from '../../core/measurement'
import { bareText } from '../../core/token'
import { memoize } from '../../state/memoize'
import { isOfChange } from '../../state/results'
import { activeChange, describeProvenance, isCausal, pieceKind } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'
import { ChartWaiting } from '../ChartWaiting'
import { Exports } from '../Exports'
import { useScaleColors } from '../theme'
import { useMeasuring } from './useMeasuring'
import { useSteady } from './useSteady'

/** A measured change with all that its drawing names. */
const shownRipple = memoize(
  (state: AppStoreState) => [activeChange(state), pieceKind(state), isCausal(state)],
  (state) => {
    const change = activeChange(state)
    if (!change || change.measurement.substitutions.length === 0) return null
    const { tokenized, measurement } = change
    const kind = pieceKind(state)
    return {
      tokenized,
      measurement,
      tokens: tokenized.tokens.map(({ text }) => bareText(text, kind)),
      chosen: measurement.substitutions.map(({ position }) => position),
      causal: isCausal(state),
    }
  },
)

const NO_TOKENS: readonly string[] = []
const NONE_CHOSEN: readonly number[] = []

/** Where the change is felt: the distance of every position at every layer. */
export function RipplePanel() {
  const { shown, stale } = useSteady(useAppStore(shownRipple), useMeasuring())
  const { measurement, tokenized } = shown ?? { measurement: null, tokenized: null }
  const { tokens, chosen } = shown ?? { tokens: NO_TOKENS, chosen: NONE_CHOSEN }
  const present = useAppStore(isCausal)
  const causal = shown?.causal ?? present
  const columnReadings = useAppStore((state) => state.columnReadings)
  const { readColumn, selectPosition } = useActions()
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const svg = useRef<SVGSVGElement>(null)
  const colors = useScaleColors()

  const columns = useMemo(() => {
    const drawn =
      columnReadings && measurement && isOfChange(columnReadings, tokenized, measurement.substitutions)
    return drawn ? columnReadings.byPosition : null
  }, [columnReadings, measurement, tokenized])
  const readingAt = useCallback(
    (layer: number, position: number) =>
      columns?.get(position)?.perturbed.find((reading) => reading.layer === layer)?.tokens[0]?.token ?? null,
    [columns],
  )
  const select = useCallback(
    (position: number) => {
      if (!tokenized?.tokens[position]?.special) selectPosition(position)
    },
    [tokenized, selectPosition],
  )

  const table = () => measurement && <RippleTable measurement={measurement} tokens={tokens} />

  return (
    <ChartFrame
      heading="Ripple"
      subtitle={
        causal ? 'a change reaches only later positions' : 'where the change is felt: layers × positions'
      }
      table={shown ? table : undefined}
      actions={
        shown && (
          <Exports
            title="Ripple: layers by positions"
            name="ripplescope-ripple"
            chart={{
              svg,
              description: 'l2 distance at each position, by layer',
              source: () => measurement && describeProvenance(measurement.provenance),
            }}
          />
        )
      }
    >
      <div ref={frame} className={stale ? 'stale' : undefined}>
        {!measurement ? (
          <ChartWaiting className="ripple-skeleton" />
        ) : (
          width > 0 && (
            <RippleMap
              values={measurement.distances}
              layers={measurement.layers}
              positions={measurement.positions}
              tokens={tokens}
              chosen={chosen}
              width={width}
              colors={colors}
              formatValue={formatNumber}
              readingAt={readingAt}
              onColumn={readColumn}
              onSelect={select}
              svgRef={svg}
            />
          )
        )}
      </div>
    </ChartFrame>
  )
}

interface RippleTableProps {
  readonly measurement: Measurement
  readonly tokens: readonly string[]
}

function RippleTable({ measurement, tokens }: RippleTableProps) {
  const { layers, positions, distances } = measurement
  const layerIndexes = Array.from({ length: layers }, (_, layer) => layer)
  return (
    <DataTable
      caption="l2 distance at each position, by layer"
      columns={[
        { heading: 'position' },
        ...layerIndexes.map((layer) => ({ heading: layer === 0 ? 'emb' : `${layer}`, numeric: true })),
      ]}
      rows={tokens.map((token, position) => ({
        id: position,
        cells: [
          `${position} ${token}`,
          ...layerIndexes.map((layer) => formatNumber(distances[layer * positions + position])),
        ],
      }))}
    />
  )
}

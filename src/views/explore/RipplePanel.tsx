import { useCallback, useMemo, useRef } from 'react'
import { ChartFrame } from '../../charts/ChartFrame'
import { DataTable } from '../../charts/DataTable'
import { formatNumber } from '../../charts/formatNumber'
import { RippleMap } from '../../charts/RippleMap'
import { useElementWidth } from '../../charts/useElementWidth'
import { bareText } from '../../core/token'
import { activeMeasurement, currentTokens, isCausal, pieceKind } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import { ChartWaiting } from '../ChartWaiting'
import { Exports } from '../Exports'
import { useScaleColors } from '../theme'
import { useMeasuring } from './useMeasuring'
import { useSteady } from './useSteady'

/** Where the change is felt: the distance of every position at every layer. */
export function RipplePanel() {
  const active = useAppStore(activeMeasurement)
  const present = useAppStore(currentTokens)
  const whole = useMemo(
    () =>
      active && present && active.substitutions.length > 0
        ? { measurement: active, tokenized: present }
        : null,
    [active, present],
  )
  const { shown, stale } = useSteady(whole, useMeasuring())
  const { measurement, tokenized } = shown ?? { measurement: null, tokenized: null }
  const columnReadings = useAppStore((state) => state.columnReadings)
  const { readColumn, selectPosition } = useActions()
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const svg = useRef<SVGSVGElement>(null)
  const colors = useScaleColors()

  const kind = useAppStore(pieceKind)
  const causal = useAppStore(isCausal)
  const tokens = useMemo(
    () => tokenized?.tokens.map(({ text }) => bareText(text, kind)) ?? [],
    [tokenized, kind],
  )
  const chosen = useMemo(
    () => measurement?.substitutions.map(({ position }) => position) ?? [],
    [measurement],
  )
  const readingAt = useCallback(
    (layer: number, position: number) =>
      columnReadings.get(position)?.perturbed.find((reading) => reading.layer === layer)?.tokens[0]?.token ??
      null,
    [columnReadings],
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
            chart={{ svg, description: 'l2 distance at each position, by layer' }}
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
  readonly measurement: NonNullable<ReturnType<typeof activeMeasurement>>
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

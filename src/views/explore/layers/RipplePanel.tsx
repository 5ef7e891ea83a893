import { useCallback, useMemo, useRef } from 'react'
import { ChartFrame } from '../../../charts/ChartFrame'
import { DataTable } from '../../../charts/DataTable'
import { formatNumber } from '../../../charts/formatNumber'
import { RippleMap } from '../../../charts/ripple/RippleMap'
import { useElementWidth } from '../../../charts/useElementWidth'
import type { Measurement } from '../../../core/measures/measurement'
import { bareText } from '../../../core/text/token'
import type { AppState } from '../../../state/appState'
import { sideNames } from '../../../state/compare/compareSelectors'
import { exportSharesCsv } from '../../../state/explore/patchSelectors'
import { memoizeSides } from '../../../state/memoize'
import { isOfChange } from '../../../state/results'
import { activeChange, describeProvenance, isCausal, pieceKind } from '../../../state/selectors'
import { OWN } from '../../../state/side/side'
import { isCompared } from '../../../state/side/sideModel'
import type { AppStoreState } from '../../../state/store'
import { useActions, useAppStore } from '../../appContext'
import { ChartWaiting } from '../../ChartWaiting'
import { ExpectedTime } from '../../ExpectedTime'
import { Exports } from '../../Exports'
import { useSide, useSideStore } from '../../side'
import { useScaleColors } from '../../theme'
import { useChoosing } from '../review/useChoosing'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'
import { NOTHING_RUN, RippleShares, SHARE_SCALE, SharesTable } from './RippleShares'
import { RippleSwitch } from './RippleSwitch'
import { rippleWords } from './rippleWords'
import { useRippleShares } from './useRippleShares'

/** Returns a measured change with everything that its drawing names. */
const shownRipple = memoizeSides(
  (state: AppStoreState, side) => [
    activeChange(state, side),
    pieceKind(state, side),
    isCausal(state, side),
    isCompared(state) ? sideNames(state)[side] : null,
  ],
  (state, side) => {
    const change = activeChange(state, side)
    if (!change || change.measurement.substitutions.length === 0) return null
    const { tokenized, measurement } = change
    const kind = pieceKind(state, side)
    return {
      tokenized,
      measurement,
      tokens: tokenized.tokens.map(({ text }) => bareText(text, kind)),
      chosen: measurement.substitutions.map(({ position }) => position),
      causal: isCausal(state, side),
      name: isCompared(state) ? sideNames(state)[side] : null,
    }
  },
)

const NO_TOKENS: readonly string[] = []
const NONE_CHOSEN: readonly number[] = []

/** Draws the effect of the change: the distance of every position at every layer. */
export function RipplePanel() {
  const { shown, stale } = useSteady(useSideStore(shownRipple), useMeasuring())
  const { measurement, tokenized } = shown ?? { measurement: null, tokenized: null }
  const { tokens, chosen } = shown ?? { tokens: NO_TOKENS, chosen: NONE_CHOSEN }
  const present = useSideStore(isCausal)
  const causal = shown?.causal ?? present
  const columnReadings = useSideStore((state, side) => state.sides[side].columnReadings)
  const side = useSide()
  const { readColumn } = useActions()
  const selectPosition = useChoosing()
  const read = useCallback((position: number) => readColumn(position, side), [readColumn, side])
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

  const ripple = useAppStore((state) => state.session.ripple)
  const shares = useRippleShares(ripple !== 'distance', tokenized, measurement)
  const { title, subtitle, description } = rippleWords(ripple, causal)

  const table = () =>
    measurement &&
    (shares ? (
      <SharesTable shares={shares.known} measurement={measurement} tokens={tokens} caption={description} />
    ) : (
      <RippleTable measurement={measurement} tokens={tokens} />
    ))

  return (
    <ChartFrame
      heading={side === OWN ? 'Ripple' : 'Ripple of the second side'}
      subtitle={[shown?.name, subtitle].filter(Boolean).join(': ')}
      table={shown ? table : undefined}
      actions={
        shown && (
          <Exports
            title={side === OWN ? title : `Second ${title[0].toLowerCase()}${title.slice(1)}`}
            name={side === OWN ? 'ripplescope-ripple' : 'ripplescope-ripple-2'}
            chart={{
              svg,
              description,
              source: () => measurement && describeProvenance(measurement.provenance),
            }}
            {...(shares && { csv: (state: AppState) => exportSharesCsv(state, side), nothing: NOTHING_RUN })}
          />
        )
      }
    >
      {side === OWN && <RippleSwitch />}
      <ExpectedTime stale={stale} />
      <div ref={frame} className={stale ? 'stale' : undefined}>
        {!measurement ? (
          <ChartWaiting className="ripple-skeleton" />
        ) : (
          width > 0 && (
            <RippleMap
              values={shares?.cells ?? measurement.distances}
              layers={measurement.layers}
              positions={measurement.positions}
              tokens={tokens}
              chosen={chosen}
              width={width}
              colors={colors}
              readingAt={readingAt}
              onColumn={read}
              svgRef={svg}
              {...(shares
                ? { ...SHARE_SCALE, ...shares.map, title, label: description }
                : { onSelect: select, formatValue: formatNumber })}
            />
          )
        )}
        {shares && <RippleShares known={shares.known} tokens={tokens} />}
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

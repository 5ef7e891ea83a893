import { type KeyboardEvent, useContext, useId, useMemo, useRef, useState } from 'react'
import '../../charts.css'
import '../corpusCharts.css'
import type { CommonnessFigure } from '../../../core/corpus/figures/figures'
import { formatNumber } from '../../formatNumber'
import { FileWidth, useElementWidth } from '../../useElementWidth'
import { toAxis } from '../axisScale'
import { DensityLegend } from './DensityLegend'
import { pointRadius } from './density'
import { densityPaths } from './densityPaths'
import type { Extremes } from './extremeLabels'
import type { Place } from './layers/pointGrid'
import { usePixelRatio } from './layers/usePixelRatio'
import { usePointLayer } from './layers/usePointLayer'
import { usePointStyle } from './layers/usePointStyle'
import { extremeWishes, ScatterAxes, ScatterOverlay } from './ScatterOverlay'
import { ScatterToolbar } from './ScatterToolbar'
import { ScatterTooltip } from './ScatterTooltip'
import { isInside, plotBox, scalesOf } from './scatterGeometry'
import { type ScatterCommand, scatterCommand } from './scatterKeys'
import type { ScatterplotProps } from './scatterplotProps'
import { panView, type View, viewWith, zoomView } from './scatterView'
import { useMostOverlapping } from './useMostOverlapping'
import { usePointCursor } from './usePointCursor'
import { type ScatterMode, type Spot, useScatterGestures } from './useScatterGestures'
import { useScatterView } from './useScatterView'

const NO_TOKENS = new Uint32Array(0)
const NO_EXTREMES: Extremes = { highest: 0, lowest: 0 }
const LINEAR = { x: 'linear', y: 'linear' } as const
const NO_BINS: CommonnessFigure['bins'] = []
/** Largest distance from a point at which it is picked, px. */
const REACH = { mouse: 9, touch: 22 }
const MIDDLE = [0.5, 0.5] as const

function heightFor(width: number, tall: boolean): number {
  return Math.round(Math.max(300, tall ? Math.min(680, width * 0.88) : Math.min(460, width * 0.56)))
}

/**
 * Draws from one point to millions in a plane that can be moved, selected from and opened. Density is the number of
 * points at a place, on a logarithmic scale. Drag moves or selects; Ctrl and the wheel, two fingers or the buttons
 * zoom; arrow keys walk through the points by x and Enter opens one. Points that are added leave the view as it is.
 */
export function Scatterplot({
  points: values,
  tokenIds = NO_TOKENS,
  tokenName,
  xLabel,
  yLabel,
  title,
  description,
  describe,
  regression = null,
  otherRegression = null,
  regressionNames,
  bins = NO_BINS,
  diagonal,
  extremes = NO_EXTREMES,
  axes = LINEAR,
  markedLabel,
  selected = null,
  tooltip,
  onHover,
  onOpen,
  onSelect,
  height: wishedHeight,
  tall = false,
  svgRef,
  exporting = false,
}: ScatterplotProps) {
  const id = useId()
  // From here on everything is in axis coordinates; only words use the values.
  const points = useMemo(
    () => ({ x: toAxis(values.x, axes.x), y: toAxis(values.y, axes.y), marked: values.marked }),
    [values, axes],
  )
  const { x, y } = points
  const [frameRef, width] = useElementWidth<HTMLDivElement>()
  const height = wishedHeight ?? heightFor(width, tall)
  const host = useRef<HTMLDivElement>(null)
  const surface = useRef<HTMLDivElement>(null)
  const pixelRatio = usePixelRatio()
  const style = usePointStyle()

  const { home, view, zoom, zoomed, changeView, reset } = useScatterView(points, diagonal !== undefined)
  const plot = useMemo(() => plotBox(width, height), [width, height])
  const plotWidth = plot.right - plot.left
  const plotHeight = plot.bottom - plot.top
  const scales = useMemo(() => scalesOf(view, plot), [view, plot])
  const radius = pointRadius(x.length, plotWidth * plotHeight, zoom)
  const most = useMostOverlapping(points, view, plotWidth, plotHeight, radius)
  const frame = useMemo(
    () => ({ view, width: plotWidth, height: plotHeight, pixelRatio, radius, most }),
    [view, plotWidth, plotHeight, pixelRatio, radius, most],
  )
  const state = usePointLayer(host, { points, selected, style, frame })

  const named = useMemo(
    () => (tokenName ? extremeWishes(x, y, tokenIds, extremes, tokenName) : []),
    [x, y, tokenIds, extremes, tokenName],
  )
  const whole = useContext(FileWidth) > 0 || exporting
  const density = useMemo(
    () => (whole ? densityPaths(points, view, plot, style) : null),
    [whole, points, view, plot, style],
  )

  const { cursor, ...walker } = usePointCursor(points, home, onHover)
  const [mode, setMode] = useState<ScatterMode>('move')
  const zoomBy = (factor: number) => changeView((now) => zoomView(now, home, factor, MIDDLE))
  const placeOf = ([px, py]: Spot): Place => [scales.x.invert(plot.left + px), scales.y.invert(plot.top + py)]
  const pointTo = (spot: Spot | null, reach: number) =>
    walker.pointTo(spot && placeOf(spot), [
      (reach * (view.x[1] - view.x[0])) / plotWidth,
      (reach * (view.y[1] - view.y[0])) / plotHeight,
    ])
  const { shape, handlers } = useScatterGestures(surface, {
    width: plotWidth,
    height: plotHeight,
    home,
    mode,
    selects: onSelect !== undefined,
    changeView,
    onPoint: (spot) => pointTo(spot, REACH.mouse),
    onTap: (spot, touch) => {
      const found = pointTo(spot, touch ? REACH.touch : REACH.mouse)
      // A finger cannot hover: the first tap reads, the second opens.
      if (found >= 0 && (!touch || found === cursor?.point)) onOpen?.(found)
    },
    onShape: (drawn) => onSelect?.(walker.inside(drawn.map(placeOf))),
  })

  function walkTo(rank: number) {
    const next = walker.walkTo(rank)
    if (next >= 0) changeView((now) => viewWith(now, home, x[next], y[next]))
  }

  function obey(command: ScatterCommand) {
    if (command.kind === 'walk') walkTo(walker.rank() + command.by)
    else if (command.kind === 'walk-to') walkTo(command.end === 'first' ? 0 : x.length)
    else if (command.kind === 'pan') changeView((now) => panView(now, home, command.right, command.down))
    else if (command.kind === 'zoom') zoomBy(command.factor)
    else if (command.kind === 'reset') reset()
    else if (command.kind === 'open') cursor && onOpen?.(cursor.point)
    else if (cursor) walker.clear()
    else if (selected) onSelect?.(NO_TOKENS)
  }

  function pressKey(event: KeyboardEvent<HTMLDivElement>) {
    const command = scatterCommand(event, x.length)
    if (!command) return
    event.preventDefault()
    obey(command)
  }

  const sayPoint = (index: number) => {
    if (describe) return describe(index)
    const both = `${xLabel} ${formatNumber(values.x[index])}, ${yLabel} ${formatNumber(values.y[index])}`
    return tokenName ? `${tokenName(tokenIds[index])}: ${both}` : both
  }

  const spot = cursor && ([scales.x(x[cursor.point]), scales.y(y[cursor.point])] as const)
  const shown = spot && isInside(plot, ...spot) ? spot : null
  return (
    <div className="chart corpus-scatter" ref={frameRef}>
      <ScatterToolbar
        mode={mode}
        onMode={setMode}
        selects={onSelect !== undefined}
        zoomed={zoomed}
        onZoom={zoomBy}
        onReset={reset}
        onSelectView={() => onSelect?.(walker.inside(cornersOf(view)))}
        selected={selected?.length ?? null}
        onClear={() => onSelect?.(NO_TOKENS)}
      />
      <div className="corpus-plot" style={{ height }}>
        <svg className="chart-svg corpus-under" width={width} height={height} aria-hidden="true">
          <ScatterAxes plot={plot} scales={scales} xLabel={xLabel} yLabel={yLabel} axes={axes} />
        </svg>
        <div ref={host} className="corpus-canvas" style={boxStyle(plot)} />
        <ScatterOverlay
          width={width}
          height={height}
          plot={plot}
          view={view}
          scales={scales}
          xLabel={xLabel}
          yLabel={yLabel}
          axes={axes}
          regression={regression}
          otherRegression={otherRegression}
          regressionNames={regressionNames}
          bins={bins}
          diagonal={diagonal ?? null}
          extremes={named}
          density={density}
          svgRef={svgRef}
        />
        <svg className="chart-svg corpus-overlay" width={width} height={height} aria-hidden="true">
          {shape && (
            <polygon
              className="corpus-shape"
              points={shape.map(([px, py]) => `${plot.left + px},${plot.top + py}`).join(' ')}
            />
          )}
          {shown && (
            <circle className="corpus-cursor" cx={shown[0]} cy={shown[1]} r={Math.max(6, radius + 3)} />
          )}
        </svg>
        <div
          ref={surface}
          className="chart-focus corpus-surface"
          role="slider"
          aria-roledescription="scatterplot"
          aria-label={title}
          aria-describedby={`${id}description`}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, x.length - 1)}
          aria-valuenow={cursor?.by === 'keyboard' ? Math.max(0, walker.rank()) : 0}
          aria-valuetext={cursor ? sayPoint(cursor.point) : `${x.length.toLocaleString('en')} points`}
          tabIndex={0}
          data-mode={mode}
          data-zoomed={zoomed}
          data-hit={cursor?.by === 'pointer'}
          style={boxStyle(plot)}
          onKeyDown={pressKey}
          onBlur={walker.clear}
          {...handlers}
        />
        {shown && tooltip && (
          <ScatterTooltip x={shown[0]} y={shown[1]} width={width} height={height}>
            {tooltip}
          </ScatterTooltip>
        )}
      </div>
      <div className="chart-foot">
        <DensityLegend most={most} style={style} marked={markedLabel ?? null} />
        <p className="chart-readout">
          n {x.length.toLocaleString('en')}
          {zoom > 1.001 && ` · zoom ${formatNumber(zoom)} ×`}
        </p>
      </div>
      {NOTES[state] && <p className="corpus-problem">{NOTES[state]}</p>}
      <p id={`${id}description`} className="chart-hidden">
        {description} Arrow keys walk through the points by {xLabel}, Enter opens one, plus and minus zoom,
        Shift and arrow keys move the view, 0 shows everything.
      </p>
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? sayPoint(cursor.point) : ''}
      </p>
    </div>
  )
}

const NOTES: Readonly<Record<ReturnType<typeof usePointLayer>, string | null>> = {
  webgl: null,
  canvas: 'Drawn without the graphics card: this browser offers no WebGL 2, so large plots move slowly.',
  lost: 'The graphics card dropped the picture. It comes back by itself; the table has all numbers meanwhile.',
  none: 'This browser cannot draw the points. The table has their numbers.',
}

function boxStyle({ left, top, right, bottom }: ReturnType<typeof plotBox>) {
  return { left, top, width: right - left, height: bottom - top }
}

const cornersOf = ({ x, y }: View): Place[] => [
  [x[0], y[0]],
  [x[1], y[0]],
  [x[1], y[1]],
  [x[0], y[1]],
]

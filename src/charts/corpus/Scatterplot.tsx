import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import '../charts.css'
import './corpusCharts.css'
import type { CommonnessFigure, Regression } from '../../core/corpus/figures'
import { formatNumber } from '../formatNumber'
import { useElementWidth } from '../useElementWidth'
import { type AxisScale, toAxis } from './axisScale'
import { DensityLegend } from './DensityLegend'
import { pointRadius } from './density'
import { densityPaths } from './densityPaths'
import type { Extremes } from './extremeLabels'
import { createPointGrid, type Place } from './pointGrid'
import type { PointColumns } from './pointLayer'
import { orderByX } from './pointOrder'
import { extremeWishes, ScatterAxes, ScatterOverlay } from './ScatterOverlay'
import { ScatterToolbar } from './ScatterToolbar'
import { isInside, plotBox, scalesOf } from './scatterGeometry'
import {
  clampView,
  homeView,
  panView,
  squareView,
  type View,
  viewWith,
  zoomOf,
  zoomView,
} from './scatterView'
import { useMostOverlapping } from './useMostOverlapping'
import { usePixelRatio } from './usePixelRatio'
import { usePointLayer } from './usePointLayer'
import { usePointStyle } from './usePointStyle'
import { type ScatterMode, type Spot, useScatterGestures } from './useScatterGestures'

export interface ScatterplotProps {
  /** Columns of one length. Another array means other points: keep them from render to render. */
  readonly points: PointColumns
  /** Token of each point, for names and extremes; none where points are not tokens. */
  readonly tokenIds?: Uint32Array
  readonly tokenName?: (id: number) => string
  readonly xLabel: string
  readonly yLabel: string
  /** Name of the chart for those who do not see it. */
  readonly title: string
  readonly description?: string
  /** A point as a sentence; by default its token and both values. */
  readonly describe?: (point: number) => string
  readonly regression?: Regression | null
  readonly bins?: CommonnessFigure['bins']
  /** Words beside the line y = x; both axes then have one scale. */
  readonly diagonal?: string
  /** How many of the highest and of the lowest are named. */
  readonly extremes?: Extremes
  /** Square roots for long tails: linear by default. */
  readonly axes?: Readonly<Record<'x' | 'y', AxisScale>>
  /** What the second colour means. */
  readonly markedLabel?: string
  /** Ascending; null for no selection. */
  readonly selected?: Uint32Array | null
  /** Stands beside the point that was given to `onHover` last. */
  readonly tooltip?: ReactNode
  /** The point under the pointer or the keyboard's cursor. */
  readonly onHover?: (point: number | null) => void
  /** Clicked, tapped twice, or Enter. */
  readonly onOpen?: (point: number) => void
  /** Drawn around; empty to clear. */
  readonly onSelect?: (points: Uint32Array) => void
  /** Px; by default from the width. */
  readonly height?: number
  readonly svgRef?: Ref<SVGSVGElement>
  /** Whether the drawing is about to be saved, with its points as squares (`useExport`). */
  readonly exporting?: boolean
}

interface Cursor {
  readonly point: number
  readonly by: 'pointer' | 'keyboard'
}

const NO_TOKENS = new Uint32Array(0)
const NO_EXTREMES: Extremes = { highest: 0, lowest: 0 }
const LINEAR = { x: 'linear', y: 'linear' } as const
const NO_BINS: CommonnessFigure['bins'] = []
const REACH = { mouse: 9, touch: 22 }

function heightFor(width: number): number {
  return Math.round(Math.max(300, Math.min(460, width * 0.56)))
}

/**
 * Many points in a plane one can move about in, select from and open: from one point to millions. Density is the number
 * of points at a place, on a logarithmic scale. Drag moves or selects; Ctrl and the wheel, two fingers or the buttons
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
  svgRef,
  exporting = false,
}: ScatterplotProps) {
  const id = useId()
  // From here on everything is in places along the axes; only words go back to the values.
  const points = useMemo(
    () => ({ x: toAxis(values.x, axes.x), y: toAxis(values.y, axes.y), marked: values.marked }),
    [values, axes],
  )
  const { x, y } = points
  const [frameRef, width] = useElementWidth<HTMLDivElement>()
  const height = wishedHeight ?? heightFor(width)
  const host = useRef<HTMLDivElement>(null)
  const surface = useRef<HTMLDivElement>(null)
  const pixelRatio = usePixelRatio()
  const style = usePointStyle()

  const plot = useMemo(() => plotBox(width, height), [width, height])
  const plotWidth = plot.right - plot.left
  const plotHeight = plot.bottom - plot.top
  const square = diagonal !== undefined
  const home = useMemo(() => {
    const whole = homeView(x, y)
    return square ? squareView(whole) : whole
  }, [x, y, square])
  const [moved, setMoved] = useState<View | null>(null)
  const view = useMemo(() => (moved ? clampView(moved, home) : home), [moved, home])
  const scales = useMemo(() => scalesOf(view, plot), [view, plot])
  const zoom = zoomOf(view, home)
  const radius = pointRadius(x.length, plotWidth * plotHeight, zoom)
  const most = useMostOverlapping(points, view, plotWidth, plotHeight, radius)
  const frame = useMemo(
    () => ({ view, width: plotWidth, height: plotHeight, pixelRatio, radius, most }),
    [view, plotWidth, plotHeight, pixelRatio, radius, most],
  )
  const state = usePointLayer(host, { points, selected, style, frame })

  const grid = useMemo(() => once(() => createPointGrid(x, y, home)), [x, y, home])
  const order = useMemo(() => once(() => orderByX(x, y)), [x, y])
  const named = useMemo(
    () => (tokenName ? extremeWishes(x, y, tokenIds, extremes, tokenName) : []),
    [x, y, tokenIds, extremes, tokenName],
  )
  const density = useMemo(
    () => (exporting ? densityPaths(points, view, plot, style) : null),
    [exporting, points, view, plot, style],
  )

  const [mode, setMode] = useState<ScatterMode>('move')
  const [at, setCursor] = useState<Cursor | null>(null)
  const cursor = at && at.point < x.length ? at : null
  const hovered = cursor?.point ?? null
  useEffect(() => onHover?.(hovered), [onHover, hovered])

  function changeView(change: (view: View) => View) {
    setMoved((now) => {
      const next = change(now ? clampView(now, home) : home)
      return zoomOf(next, home) < 1.001 ? null : next
    })
  }

  const placeOf = ([px, py]: Spot): Place => [scales.x.invert(plot.left + px), scales.y.invert(plot.top + py)]
  const pointAt = (spot: Spot, reach: number) => {
    const perPx = [(view.x[1] - view.x[0]) / plotWidth, (view.y[1] - view.y[0]) / plotHeight] as const
    return grid().nearest(placeOf(spot), [reach * perPx[0], reach * perPx[1]])
  }
  const point = (spot: Spot | null) => {
    const found = spot ? pointAt(spot, REACH.mouse) : -1
    setCursor((now) => {
      if (found < 0) return now?.by === 'keyboard' ? now : null
      return now?.point === found ? now : { point: found, by: 'pointer' }
    })
  }
  const tap = (spot: Spot, touch: boolean) => {
    const found = pointAt(spot, touch ? REACH.touch : REACH.mouse)
    // A finger cannot hover: the first tap reads, the second opens.
    if (found >= 0 && (!touch || found === hovered)) onOpen?.(found)
    setCursor(found < 0 ? null : { point: found, by: 'pointer' })
  }
  const selectShape = (shape: readonly Spot[]) => onSelect?.(grid().inside(shape.map(placeOf)))
  const selectView = () => {
    selectShape([
      [0, 0],
      [plotWidth, 0],
      [plotWidth, plotHeight],
      [0, plotHeight],
    ])
  }
  const { shape, handlers } = useScatterGestures(surface, {
    width: plotWidth,
    height: plotHeight,
    home,
    mode: onSelect ? mode : 'move',
    changeView,
    onPoint: point,
    onTap: tap,
    onShape: selectShape,
  })

  const sayPoint = (index: number) => {
    if (describe) return describe(index)
    const both = `${xLabel} ${formatNumber(values.x[index])}, ${yLabel} ${formatNumber(values.y[index])}`
    return tokenName ? `${tokenName(tokenIds[index])}: ${both}` : both
  }
  const rank = cursor?.by === 'keyboard' ? order().indexOf(cursor.point) : -1

  function walk(to: number) {
    const all = order()
    if (all.length === 0) return
    const next = all[Math.max(0, Math.min(all.length - 1, to))]
    setCursor({ point: next, by: 'keyboard' })
    changeView((now) => viewWith(now, home, x[next], y[next]))
  }

  function pressKey(event: KeyboardEvent<HTMLDivElement>) {
    const leap = Math.max(1, Math.round(x.length / 50))
    const last = x.length
    const middle = [0.5, 0.5] as const
    const pan = (right: number, down: number) => changeView((now) => panView(now, home, right, down))
    const moves: Record<string, () => void> = {
      ArrowRight: () => walk(rank + 1),
      ArrowLeft: () => walk(rank - 1),
      ArrowUp: () => walk(rank + leap),
      ArrowDown: () => walk(rank - leap),
      PageUp: () => walk(rank + 5 * leap),
      PageDown: () => walk(rank - 5 * leap),
      Home: () => walk(0),
      End: () => walk(last),
      Enter: () => cursor && onOpen?.(cursor.point),
      Escape: () => {
        if (cursor) setCursor(null)
        else if (selected) onSelect?.(NO_TOKENS)
      },
      '+': () => changeView((now) => zoomView(now, home, 1.6, middle)),
      '=': () => changeView((now) => zoomView(now, home, 1.6, middle)),
      '-': () => changeView((now) => zoomView(now, home, 1 / 1.6, middle)),
      '0': () => setMoved(null),
    }
    const pans: Record<string, () => void> = {
      ArrowRight: () => pan(-0.1, 0),
      ArrowLeft: () => pan(0.1, 0),
      ArrowUp: () => pan(0, 0.1),
      ArrowDown: () => pan(0, -0.1),
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = (event.shiftKey ? pans[event.key] : undefined) ?? moves[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  const spot = cursor && ([scales.x(x[cursor.point]), scales.y(y[cursor.point])] as const)
  const shown = spot && isInside(plot, ...spot) ? spot : null
  return (
    <div className="chart corpus-scatter" ref={frameRef}>
      <ScatterToolbar
        mode={mode}
        onMode={setMode}
        selects={onSelect !== undefined}
        zoomed={moved !== null}
        onZoom={(factor) => changeView((now) => zoomView(now, home, factor, [0.5, 0.5]))}
        onReset={() => setMoved(null)}
        onSelectView={selectView}
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
          aria-valuenow={Math.max(0, rank)}
          aria-valuetext={cursor ? sayPoint(cursor.point) : `${x.length.toLocaleString('en')} points`}
          tabIndex={0}
          data-mode={mode}
          data-zoomed={moved !== null}
          data-hit={cursor?.by === 'pointer'}
          style={boxStyle(plot)}
          onKeyDown={pressKey}
          onBlur={() => setCursor(null)}
          {...handlers}
        />
        {shown && tooltip && (
          <div className="corpus-tooltip" style={tooltipStyle(shown, width, height)}>
            {tooltip}
          </div>
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

/** Beside the point, on the side that has more room. */
function tooltipStyle([px, py]: readonly [number, number], width: number, height: number) {
  const horizontal = px < width / 2 ? { left: px + 14 } : { right: width - px + 14 }
  const vertical = py < height / 2 ? { top: py + 4 } : { bottom: height - py + 4 }
  return { ...horizontal, ...vertical, maxWidth: Math.max(120, Math.max(px, width - px) - 20) }
}

/** Computed when first asked for. */
function once<T>(compute: () => T): () => T {
  let value: { readonly result: T } | null = null
  return () => {
    value ??= { result: compute() }
    return value.result
  }
}

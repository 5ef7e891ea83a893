import { type KeyboardEvent, type PointerEvent, type Ref, useId, useMemo, useState } from 'react'
import '../charts.css'
import './corpusCharts.css'
import type { FrequencyFigure } from '../../core/corpus/figures/figures'
import type { Norm } from '../../core/measures/norm'
import { NORM_NAMES } from '../../core/measures/norm'
import { formatPercent } from '../formatNumber'
import { useElementWidth } from '../useElementWidth'
import { useScrollFocus } from '../useScrollFocus'
import { agreementText } from './correlationText'
import { BAR_NORMS, type FrequencyGeometry, frequencyGeometry } from './frequencyGeometry'

const HEIGHT = 250
/** Radius of a dot, px. */
const RADIUS = 4

const CLASSES: Readonly<Record<Norm, string>> = {
  l2: 'chart-series-0',
  l1: 'chart-series-1',
  linf: 'chart-series-2',
}

function Axis({ geometry }: { readonly geometry: FrequencyGeometry }) {
  const { plot, yTicks } = geometry
  return yTicks.map(({ value, position, formattedValue }, i) => (
    <g key={value} transform={`translate(0,${position})`}>
      <line className={i === 0 ? 'chart-axis-line' : 'chart-grid-line'} x1={plot.left} x2={plot.right} />
      <text className="chart-tick" x={plot.left - 8} dy="0.32em" textAnchor="end">
        {formattedValue}
      </text>
    </g>
  ))
}

function Bars({
  geometry,
  current,
}: {
  readonly geometry: FrequencyGeometry
  readonly current: number | null
}) {
  const { groups, plot } = geometry
  return groups.map(({ tokenId, text, fullText, x, width, bars }, i) => (
    <g key={tokenId} className={i === current ? 'corpus-current' : undefined}>
      {i === current && (
        <rect
          className="corpus-column"
          data-export="omit"
          x={x}
          y={plot.top - 8}
          width={width}
          height={plot.bottom - plot.top + 36}
        />
      )}
      {bars.map((bar) => (
        <circle
          key={bar.norm}
          className={`corpus-bar ${CLASSES[bar.norm]}`}
          cx={bar.x + bar.width / 2}
          cy={bar.y}
          r={RADIUS}
        />
      ))}
      {i === current && (
        <g data-export="omit">
          {bars.map((bar) => (
            <text
              key={bar.norm}
              className={`corpus-bar-value ${CLASSES[bar.norm]}`}
              x={bar.x + bar.width / 2}
              y={bar.y - RADIUS - 4}
              textAnchor="middle"
            >
              {bar.count.toLocaleString('en')}
            </text>
          ))}
        </g>
      )}
      <text className="corpus-token" x={x + width / 2} y={plot.bottom + 20} textAnchor="middle">
        <title>{fullText}</title>
        {text}
      </text>
    </g>
  ))
}

const KEY_WIDTH = 48

/** Draws the key of the norms' colours, for a file: on the page it is outside the drawing. */
function Key({ right }: { readonly right: number }) {
  return (
    <g className="corpus-file-only">
      {BAR_NORMS.map((norm, i) => (
        <g
          key={norm}
          className={CLASSES[norm]}
          transform={`translate(${right - (BAR_NORMS.length - i) * KEY_WIDTH},2)`}
        >
          <circle className="corpus-bar" cx={5} cy={5} r={RADIUS} />
          <text x={15} y={9.5}>
            {NORM_NAMES[norm]}
          </text>
        </g>
      ))}
    </g>
  )
}

export interface FrequencyDrawingProps {
  readonly figure: FrequencyFigure
  /** Tokens of the figure that are drawn. */
  readonly tokens: FrequencyFigure['tokens']
  readonly tokenName: (id: number) => string
  readonly svgRef?: Ref<SVGSVGElement>
}

/**
 * Draws a dot a norm, grouped by token: on a square-root scale the length of a bar would read as an amount. Pointer or arrow keys read a
 * group's counts.
 */
export function FrequencyDrawing({ figure, tokens, tokenName, svgRef }: FrequencyDrawingProps) {
  const id = useId()
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const scroller = useScrollFocus<HTMLDivElement>()
  const geometry = useMemo(
    () => frequencyGeometry(tokens, tokenName, { width, height: HEIGHT }),
    [tokens, tokenName, width],
  )
  const [at, setCursor] = useState<{ readonly group: number; readonly by: 'pointer' | 'keyboard' } | null>(
    null,
  )
  const cursor = at && at.group < tokens.length ? at : null
  const spoken = cursor ? sayToken(tokens[cursor.group], tokenName) : ''

  function follow(event: PointerEvent<HTMLDivElement>) {
    const group = geometry.groupAt(event.clientX - event.currentTarget.getBoundingClientRect().left)
    setCursor(group < 0 ? null : { group, by: 'pointer' })
  }

  function moveByKey(event: KeyboardEvent<HTMLDivElement>) {
    const group = cursor?.group ?? -1
    const targets: Record<string, number | null> = {
      ArrowRight: Math.min(tokens.length - 1, group + 1),
      ArrowLeft: Math.max(0, group - 1),
      Home: 0,
      End: tokens.length - 1,
      Escape: null,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    setCursor(target === null ? null : { group: target, by: 'keyboard' })
    if (target === null) return
    const scroller = event.currentTarget.parentElement
    const { x, width: room } = geometry.groups[target]
    if (scroller) scroller.scrollLeft = Math.max(0, x + room / 2 - scroller.clientWidth / 2)
  }

  return (
    <div className="chart" ref={frame}>
      <ul className="corpus-agreement">
        {BAR_NORMS.map((norm) => (
          <li key={norm} className={`corpus-key ${CLASSES[norm]}`}>
            <span className="corpus-swatch" aria-hidden="true" />
            {NORM_NAMES[norm]}
          </li>
        ))}
        {agreementText(figure).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {width > 0 && (
        <div className="chart-frame" ref={scroller}>
          <div
            className="chart-focus"
            role="slider"
            aria-roledescription="dot plot"
            aria-label="Least-impactful tokens by norm"
            aria-describedby={`${id}description`}
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={Math.max(0, tokens.length - 1)}
            aria-valuenow={cursor?.group ?? 0}
            aria-valuetext={sayToken(tokens[cursor?.group ?? 0], tokenName)}
            tabIndex={0}
            style={{ width: geometry.width }}
            onKeyDown={moveByKey}
            onBlur={() => setCursor(null)}
            onPointerMove={follow}
            onPointerDown={follow}
            onPointerLeave={(event) => {
              if (event.pointerType !== 'touch') setCursor((now) => (now?.by === 'pointer' ? null : now))
            }}
          >
            <svg
              ref={svgRef}
              className="chart-svg"
              width={geometry.width}
              height={HEIGHT}
              viewBox={`0 0 ${geometry.width} ${HEIGHT}`}
              aria-hidden="true"
            >
              <text className="chart-axis-label" x={0} y={11}>
                times, square-root scale
              </text>
              <Key right={geometry.plot.right} />
              <Axis geometry={geometry} />
              <Bars geometry={geometry} current={cursor?.group ?? null} />
            </svg>
          </div>
        </div>
      )}
      <p className="chart-readout" aria-hidden="true">
        {spoken}
      </p>
      <p id={`${id}description`} className="chart-hidden">
        {agreementText(figure).join('. ')}. Arrow keys move over the tokens.
      </p>
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? spoken : ''}
      </p>
    </div>
  )
}

function sayToken(
  { tokenId, counts, corpusShare }: FrequencyFigure['tokens'][number],
  name: (id: number) => string,
) {
  const values = BAR_NORMS.map((norm) => `${NORM_NAMES[norm]} ${counts[norm].toLocaleString('en')}`).join(
    ', ',
  )
  return `${name(tokenId)}: ${values}; ${formatPercent(corpusShare, 2)} of the corpus`
}

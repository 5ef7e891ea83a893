import { scaleBand, scaleSqrt } from 'd3-scale'
import type { FrequencyFigure } from '../../core/corpus/figures/figures'
import type { Norm } from '../../core/measures/norm'
import { estimateTextWidth, truncateText } from '../labelText'
import type { Box } from '../line/curveLabels'
import type { Tick } from '../line/layerAxis'

export const BAR_NORMS: readonly Norm[] = ['l2', 'l1', 'linf']

export interface Bar {
  readonly norm: Norm
  readonly count: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Holds the bars of one token. */
export interface BarGroup {
  readonly tokenId: number
  readonly text: string
  readonly fullText: string
  /** Left edge and width of the space that it has. */
  readonly x: number
  readonly width: number
  readonly bars: readonly Bar[]
}

export interface FrequencyGeometry {
  /** Width of the drawing; wider than requested if the bars need it. */
  readonly width: number
  readonly height: number
  readonly plot: Box
  readonly groups: readonly BarGroup[]
  readonly yTicks: readonly Tick[]
  readonly scrolls: boolean
  /** Returns the index of the group at an x in px, or -1. */
  groupAt(x: number): number
}

const TOP = 24
const BOTTOM = 30
const NAME_SIZE = 15
/** Smallest width of a group, px, so that a finger can hit it. */
const LEAST_GROUP = 44
const LEAST_BAR = 2

/** Returns ticks of a square-root axis: 0 and about four round numbers, no two closer than their labels allow. */
function countTicks(most: number, place: (count: number) => number): Tick[] {
  const ticks: Tick[] = [{ value: 0, position: place(0), formattedValue: '0' }]
  for (let power = 1; power <= most; power *= 10) {
    for (const step of [1, 2, 5]) {
      const value = step * power
      if (value > most || ticks[ticks.length - 1].position - place(value) < 26) continue
      ticks.push({ value, position: place(value), formattedValue: value.toLocaleString('en') })
    }
  }
  return ticks
}

/**
 * Lays out grouped bars on a square-root scale: the counts are long-tailed, and a bar must start at zero, which a
 * logarithm does not have.
 *
 * @param tokens by count
 * @param size of the drawing, px
 */
export function frequencyGeometry(
  tokens: FrequencyFigure['tokens'],
  tokenName: (id: number) => string,
  size: { readonly width: number; readonly height: number },
): FrequencyGeometry {
  const { height } = size
  const counts = tokens.flatMap((token) => BAR_NORMS.map((norm) => token.counts[norm]))
  const most = Math.max(1, ...counts.filter(Number.isFinite))
  const left = Math.ceil(estimateTextWidth(most.toLocaleString('en'), 11) + 16)
  const width = Math.max(size.width, left + tokens.length * LEAST_GROUP)
  const plot: Box = {
    left,
    top: TOP,
    right: Math.max(left + 1, width),
    bottom: Math.max(TOP + 1, height - BOTTOM),
  }
  const y = scaleSqrt([0, most], [plot.bottom, plot.top])
  const across = scaleBand<number>(
    tokens.map((_, i) => i),
    [plot.left, plot.right],
  )
  const room = across.bandwidth()
  const inner = scaleBand<Norm>(BAR_NORMS, [0, Math.min(room * 0.76, 66)]).paddingInner(0.08)
  const margin = (room - (inner.range()[1] - inner.range()[0])) / 2
  const groups = tokens.map(({ tokenId, counts }, i): BarGroup => {
    const x = across(i) ?? plot.left
    const fullText = tokenName(tokenId)
    return {
      tokenId,
      text: truncateText(fullText, NAME_SIZE, room - 2),
      fullText,
      x,
      width: room,
      bars: BAR_NORMS.flatMap((norm) => {
        const count = counts[norm]
        if (!Number.isFinite(count)) return []
        // A count of one must not look like zero.
        const tall = count > 0 ? Math.max(LEAST_BAR, plot.bottom - y(count)) : 0
        return {
          norm,
          count,
          x: x + margin + (inner(norm) ?? 0),
          y: plot.bottom - tall,
          width: inner.bandwidth(),
          height: tall,
        }
      }),
    }
  })
  return {
    width,
    height,
    plot,
    groups,
    yTicks: countTicks(most, y),
    scrolls: width > size.width,
    groupAt: (px) => {
      const index = Math.floor((px - plot.left) / Math.max(1, room))
      return px >= plot.left && index < groups.length ? index : -1
    },
  }
}

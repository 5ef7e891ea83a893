import type { ReactNode } from 'react'

export interface ScatterTooltipProps {
  /** Point that the tooltip describes, px. */
  readonly x: number
  readonly y: number
  /** Size of the whole drawing, px. */
  readonly width: number
  readonly height: number
  readonly children: ReactNode
}

/** Distance from the point, px, so that the finger or pointer does not cover the words. */
const AWAY = 14
const LEAST_WIDTH = 120

/** Draws words next to a point, on the side that has more space. */
export function ScatterTooltip({ x, y, width, height, children }: ScatterTooltipProps) {
  const horizontal = x < width / 2 ? { left: x + AWAY } : { right: width - x + AWAY }
  const vertical = y < height / 2 ? { top: y + 4 } : { bottom: height - y + 4 }
  const maxWidth = Math.max(LEAST_WIDTH, Math.max(x, width - x) - AWAY - 6)
  return (
    <div className="corpus-tooltip" style={{ ...horizontal, ...vertical, maxWidth }}>
      {children}
    </div>
  )
}

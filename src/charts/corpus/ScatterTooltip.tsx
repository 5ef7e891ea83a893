import type { ReactNode } from 'react'

export interface ScatterTooltipProps {
  /** The point it is about, px. */
  readonly x: number
  readonly y: number
  /** Of the whole drawing, px. */
  readonly width: number
  readonly height: number
  readonly children: ReactNode
}

/** Away from the point, px: a finger or a pointer is there. */
const AWAY = 14
const LEAST_WIDTH = 120

/** Words beside a point, on the side that has more room. */
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

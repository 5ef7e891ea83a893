import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { nextCell } from './rippleCursor'
import { type Cell, type RippleMapGeometry, scrollToColumn } from './rippleMapGeometry'

export interface CellCursor extends Cell {
  readonly by: 'pointer' | 'keyboard'
}

interface RippleCursorOptions {
  readonly geometry: RippleMapGeometry
  /** Scrolling frame: it follows the chosen column and the keyboard's cursor. */
  readonly frame: RefObject<HTMLDivElement | null>
  /** Column at which the keyboard begins, and which a long map shows first. */
  readonly firstChosen: number | undefined
  readonly onColumn?: (position: number) => void
  readonly onSelect?: (position: number, layer: number) => void
}

function showColumn(frame: HTMLDivElement | null, geometry: RippleMapGeometry, position: number) {
  if (frame === null || !geometry.scrolls) return
  const { scrollLeft, clientWidth } = frame
  frame.scrollLeft = scrollToColumn(geometry, position, { scrollLeft, frameWidth: clientWidth })
}

/** Holds the cell cursor of a ripple map, moved by pointer or keys, and the handlers that move it. */
export function useRippleCursor({ geometry, frame, firstChosen, onColumn, onSelect }: RippleCursorOptions) {
  const { layers, positions } = geometry
  const [moved, setCursor] = useState<CellCursor | null>(null)
  const pointerType = useRef('mouse')
  const cursor = moved && moved.layer < layers && moved.position < positions ? moved : null

  useLayoutEffect(() => {
    if (firstChosen !== undefined) showColumn(frame.current, geometry, firstChosen)
  }, [frame, geometry, firstChosen])

  function moveTo(cell: Cell, by: CellCursor['by']) {
    if (cell.position !== cursor?.position) onColumn?.(cell.position)
    if (cell.layer !== cursor?.layer || cell.position !== cursor.position || by !== cursor.by) {
      setCursor({ ...cell, by })
    }
    if (by === 'keyboard') showColumn(frame.current, geometry, cell.position)
  }

  function cellUnder(event: {
    clientX: number
    clientY: number
    currentTarget: HTMLDivElement
  }): Cell | null {
    const box = event.currentTarget.getBoundingClientRect()
    return geometry.cellAt(event.clientX - box.left, event.clientY - box.top)
  }

  return {
    cursor,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
        pointerType.current = event.pointerType
      },
      onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
        if (event.pointerType === 'touch') return
        const cell = cellUnder(event)
        if (cell) moveTo(cell, 'pointer')
        else if (cursor?.by === 'pointer') setCursor(null)
      },
      onPointerLeave: (event: PointerEvent<HTMLDivElement>) => {
        if (event.pointerType !== 'touch') setCursor((now) => (now?.by === 'pointer' ? null : now))
      },
      // A finger cannot hover: its first tap reads a column, a second one chooses it.
      onClick: (event: { clientX: number; clientY: number; currentTarget: HTMLDivElement }) => {
        const cell = cellUnder(event)
        if (cell === null) return
        const reads = pointerType.current === 'touch' && cell.position !== cursor?.position
        moveTo(cell, 'pointer')
        if (!reads) onSelect?.(cell.position, cell.layer)
      },
      onFocus: (event: { currentTarget: HTMLDivElement }) => {
        const usable = layers > 0 && positions > 0 && cursor === null
        if (usable && event.currentTarget.matches(':focus-visible')) {
          moveTo({ layer: 0, position: firstChosen ?? 0 }, 'keyboard')
        }
      },
      onBlur: () => setCursor(null),
      onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
        if (layers === 0 || positions === 0) return
        if (event.key === 'Escape') {
          setCursor(null)
        } else if (cursor && (event.key === 'Enter' || event.key === ' ')) {
          event.preventDefault()
          onSelect?.(cursor.position, cursor.layer)
        } else {
          const next = nextCell(event.key, cursor ?? { layer: 0, position: firstChosen ?? 0 }, geometry)
          if (next === null) return
          event.preventDefault()
          moveTo(next, 'keyboard')
        }
      },
    },
  }
}

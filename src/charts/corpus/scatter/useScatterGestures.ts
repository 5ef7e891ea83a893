import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { panView, type View, zoomView } from './scatterView'

/** Names the effect of dragging. */
export type ScatterMode = 'move' | 'rectangle' | 'lasso'

/** Holds a place in px from the plot's upper left corner. */
export type Spot = readonly [x: number, y: number]

export interface ScatterGestures {
  /** Size of the plot; nothing is reported without a width and a height. */
  readonly width: number
  readonly height: number
  readonly home: View
  readonly mode: ScatterMode
  /** False if points cannot be selected: then every drag moves. */
  readonly selects: boolean
  changeView(change: (view: View) => View): void
  /** Takes the pointer's place while no button is down; null when it has left. */
  onPoint(spot: Spot | null): void
  /** Takes the place of a click or a tap. */
  onTap(spot: Spot, touch: boolean): void
  /** Takes the corners of a rectangle or a lasso that was drawn. */
  onShape(shape: readonly Spot[]): void
}

/** Largest distance of a click, px. */
const SLACK = 5
/** Distance between two corners of a lasso, px. */
const STEP = 3

interface Drag {
  readonly from: Spot
  readonly mode: ScatterMode
  moved: boolean
}

const distance = ([x1, y1]: Spot, [x2, y2]: Spot) => Math.hypot(x2 - x1, y2 - y1)

function rectangle([x1, y1]: Spot, [x2, y2]: Spot): Spot[] {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ]
}

/**
 * Handles pointer, touch and wheel over a plot: drag moves or draws a shape, two fingers and Ctrl with the wheel zoom.
 * Shift draws a rectangle in any mode. A wheel alone scrolls the page, unless the plot has the focus.
 *
 * @param surface takes the events
 * @returns handlers for it, and the shape being drawn
 */
export function useScatterGestures(surface: RefObject<HTMLElement | null>, gestures: ScatterGestures) {
  const { width, height, home, mode, selects, changeView, onPoint, onTap, onShape } = gestures
  const [shape, setShape] = useState<readonly Spot[] | null>(null)
  const pointers = useRef(new Map<number, Spot>())
  const drag = useRef<Drag | null>(null)
  const corner = useRef<DOMRect | null>(null)
  const latest = useRef(gestures)
  latest.current = gestures

  useEffect(() => {
    const element = surface.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      const { width, height, home, changeView } = latest.current
      if (!(event.ctrlKey || event.metaKey || element.matches(':focus'))) return
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const at = [(event.clientX - left) / width, (event.clientY - top) / height] as const
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      const factor = Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) / 300)
      changeView((view) => zoomView(view, home, factor, at))
    }
    // React's listener is passive, so the page would scroll too.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [surface])

  function spotOf(event: PointerEvent<HTMLElement>): Spot {
    // Reading the rectangle forces a layout; while a button is down it does not change.
    const { left, top } = corner.current ?? event.currentTarget.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }

  function pinch(id: number, spot: Spot) {
    const [other] = [...pointers.current].filter(([key]) => key !== id).map(([, place]) => place)
    const before = pointers.current.get(id)
    if (!other || !before) return
    const factor = distance(spot, other) / Math.max(1, distance(before, other))
    const at = [(spot[0] + other[0]) / 2 / width, (spot[1] + other[1]) / 2 / height] as const
    const right = (spot[0] - before[0]) / 2 / width
    const down = (spot[1] - before[1]) / 2 / height
    changeView((view) => panView(zoomView(view, home, factor, at), home, right, down))
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return
    corner.current ??= event.currentTarget.getBoundingClientRect()
    const spot = spotOf(event)
    event.currentTarget.setPointerCapture?.(event.pointerId)
    pointers.current.set(event.pointerId, spot)
    const drawn = !selects ? 'move' : event.shiftKey ? 'rectangle' : mode
    drag.current = pointers.current.size === 1 ? { from: spot, mode: drawn, moved: false } : null
    setShape(null)
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const spot = spotOf(event)
    const before = pointers.current.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== 'touch') onPoint(spot)
      return
    }
    const now = drag.current
    if (pointers.current.size > 1) pinch(event.pointerId, spot)
    else if (now) {
      if (!now.moved && distance(now.from, spot) < SLACK) return
      if (!now.moved) onPoint(null)
      now.moved = true
      if (now.mode === 'move') {
        const [right, down] = [(spot[0] - before[0]) / width, (spot[1] - before[1]) / height]
        changeView((view) => panView(view, home, right, down))
      } else if (now.mode === 'rectangle') setShape(rectangle(now.from, spot))
      else {
        setShape((shape) => {
          const drawn = shape ?? [now.from]
          return distance(drawn[drawn.length - 1], spot) < STEP ? drawn : [...drawn, spot]
        })
      }
    }
    pointers.current.set(event.pointerId, spot)
  }

  function release(pointer: number) {
    pointers.current.delete(pointer)
    drag.current = null
    if (pointers.current.size === 0) corner.current = null
  }

  function onPointerUp(event: PointerEvent<HTMLElement>) {
    if (!pointers.current.has(event.pointerId)) return
    const now = drag.current
    const spot = spotOf(event)
    release(event.pointerId)
    if (now && !now.moved) onTap(spot, event.pointerType === 'touch')
    if (now?.moved && shape && shape.length > 2) onShape(shape)
    setShape(null)
  }

  function onPointerCancel(event: PointerEvent<HTMLElement>) {
    release(event.pointerId)
    setShape(null)
  }

  function onPointerLeave(event: PointerEvent<HTMLElement>) {
    if (event.pointerType !== 'touch' && !pointers.current.has(event.pointerId)) onPoint(null)
  }

  return {
    shape,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onPointerLeave },
  }
}

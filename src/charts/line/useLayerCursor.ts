import { type FocusEvent, type KeyboardEvent, type PointerEvent, useState } from 'react'

export interface LayerCursor {
  readonly layer: number
  readonly by: 'pointer' | 'keyboard'
}

interface LayerCursorOptions {
  /** Layers, ascending; empty if there is nothing to read. */
  readonly layers: readonly number[]
  /** Width of the drawing in its own units: it may be displayed larger or smaller. */
  readonly width: number
  layerAt(x: number): number
}

/** Holds a cursor over the layers of a drawing, moved by pointer or arrow keys. */
export function useLayerCursor({ layers, width, layerAt }: LayerCursorOptions) {
  const [moved, setCursor] = useState<LayerCursor | null>(null)
  const cursor = moved && layers.includes(moved.layer) ? moved : null

  function followPointer(event: PointerEvent<HTMLElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    const x = ((event.clientX - box.left) / (box.width || 1)) * width
    if (layers.length > 0) setCursor({ layer: layerAt(x), by: 'pointer' })
  }

  function moveByKey(event: KeyboardEvent<HTMLElement>) {
    const at = cursor ? layers.indexOf(cursor.layer) : 0
    const targets: Record<string, number | null> = {
      ArrowRight: Math.min(layers.length - 1, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      Home: 0,
      End: layers.length - 1,
      Escape: null,
    }
    const target = targets[event.key]
    if (target === undefined || layers.length === 0) return
    event.preventDefault()
    setCursor(target === null ? null : { layer: layers[target], by: 'keyboard' })
  }

  return {
    cursor,
    handlers: {
      onKeyDown: moveByKey,
      onFocus: (event: FocusEvent<HTMLElement>) => {
        if (event.currentTarget.matches(':focus-visible') && !cursor && layers.length > 0) {
          setCursor({ layer: layers[0], by: 'keyboard' })
        }
      },
      onBlur: () => setCursor(null),
      onPointerMove: followPointer,
      onPointerDown: followPointer,
      onPointerLeave: (event: PointerEvent<HTMLElement>) => {
        if (event.pointerType !== 'touch') setCursor((now) => (now?.by === 'pointer' ? null : now))
      },
    },
  }
}

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { createPointLayer } from './createPointLayer'
import type { PointColumns, PointFrame, PointLayer, PointStyle } from './pointLayer'

export interface PointPicture {
  readonly points: PointColumns
  readonly selected: Uint32Array | null
  readonly style: PointStyle
  /** Same object from render to render as long as nothing in it changes. */
  readonly frame: PointFrame
}

/**
 * Names the state of the layer. `lost`: the graphics context is lost at present; `none`: the browser cannot draw
 * points.
 */
export type PointLayerState = PointLayer['kind'] | 'lost' | 'none'

/**
 * Keeps a canvas of points inside an element. All drawing happens before the browser paints, so the points and the axes
 * over them always show one view; unchanged data is not sent to the graphics card again.
 */
export function usePointLayer(
  host: RefObject<HTMLElement | null>,
  { points, selected, style, frame }: PointPicture,
): PointLayerState {
  const layer = useRef<PointLayer | null>(null)
  /** Data that the present layer has; empty after a new layer was made. */
  const sent = useRef<Partial<PointPicture>>({})
  const [state, setState] = useState<PointLayerState>('webgl')

  useLayoutEffect(() => {
    if (!host.current) return
    const created = createPointLayer(host.current, {
      lost: () => setState('lost'),
      restored: () => {
        setState('webgl')
        if (sent.current.frame) layer.current?.draw(sent.current.frame)
      },
    })
    layer.current = created
    sent.current = {}
    setState(created?.kind ?? 'none')
    return () => {
      layer.current = null
      created?.dispose()
    }
  }, [host])

  useLayoutEffect(() => {
    const now = layer.current
    if (!now) return
    if (sent.current.points !== points) now.setPoints(points)
    if (sent.current.selected !== selected) now.setSelection(selected)
    if (sent.current.style !== style) now.setStyle(style)
    now.draw(frame)
    sent.current = { points, selected, style, frame }
  }, [points, selected, style, frame])
  return state
}

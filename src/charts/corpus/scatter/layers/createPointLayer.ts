import { createCanvasLayer } from './canvasLayer'
import type { PointLayer, PointLayerEvents } from './pointLayer'
import { createWebglLayer } from './webglLayer'

/**
 * Returns the layer that this browser supports: WebGL 2, else a 2D canvas that draws the same picture more slowly. A
 * canvas that had one kind of context never gets the other, so each kind has its own canvas.
 *
 * @param host takes the canvas; it is removed again by `dispose`
 * @returns null if the browser supports neither
 */
export function createPointLayer(host: HTMLElement, events: PointLayerEvents): PointLayer | null {
  for (const create of [createWebglLayer, createCanvasLayer]) {
    const canvas = document.createElement('canvas')
    canvas.className = 'corpus-points'
    canvas.setAttribute('aria-hidden', 'true')
    const layer = create(canvas, events)
    if (!layer) continue
    host.append(canvas)
    return {
      ...layer,
      dispose: () => {
        layer.dispose()
        canvas.remove()
      },
    }
  }
  return null
}

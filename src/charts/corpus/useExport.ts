import { type RefCallback, useCallback, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * Completes the drawing for a file. Points live in a canvas, which no SVG file holds: a click inside the element draws
 * them into the SVG before the click is handled.
 *
 * @returns a ref for the element around the buttons that save, and whether the drawing is to be complete
 */
export function useExport<T extends HTMLElement>(): readonly [RefCallback<T>, boolean] {
  const [exporting, setExporting] = useState(false)
  const ref = useCallback((element: T | null) => {
    if (element === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const prepare = () => {
      flushSync(() => setExporting(true))
      clearTimeout(timer)
      timer = setTimeout(() => setExporting(false))
    }
    element.addEventListener('click', prepare, { capture: true })
    return () => {
      clearTimeout(timer)
      element.removeEventListener('click', prepare, { capture: true })
    }
  }, [])
  return [ref, exporting]
}

import { createContext, type RefCallback, useCallback, useContext, useState } from 'react'

/** Holds the width, px, at which charts are drawn for a file, where no browser measures them; 0 on a page. */
export const FileWidth = createContext(0)

/**
 * Measures the inner width of an element in whole px as it changes; 0 until it is on the page.
 *
 * @returns a ref for the element, and its width
 */
export function useElementWidth<T extends HTMLElement>(): readonly [RefCallback<T>, number] {
  const [width, setWidth] = useState(useContext(FileWidth))
  const ref = useCallback((element: T | null) => {
    if (element === null) return
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element)
      const padding = (Number.parseFloat(paddingLeft) || 0) + (Number.parseFloat(paddingRight) || 0)
      setWidth(Math.max(0, Math.floor(element.clientWidth - padding)))
    }
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}

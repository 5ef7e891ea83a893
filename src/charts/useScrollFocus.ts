import { type RefCallback, useCallback } from 'react'

/** Makes a frame reachable with the Tab key while its content does not fit, so that arrow keys can scroll it. */
export function useScrollFocus<T extends HTMLElement>(): RefCallback<T> {
  return useCallback((element: T | null) => {
    if (element === null) return
    const update = () => {
      const overflows =
        element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight
      if (overflows) element.tabIndex = 0
      else element.removeAttribute('tabindex')
    }
    update()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(update)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
}

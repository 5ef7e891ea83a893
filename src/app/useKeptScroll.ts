import { useEffect, useLayoutEffect, useRef } from 'react'

/** Restores the scroll position at which each view was left. */
export function useKeptScroll(view: string): void {
  const places = useRef(new Map<string, number>())
  const shown = useRef(view)

  useLayoutEffect(() => {
    if (shown.current === view) return
    shown.current = view
    window.scrollTo(0, places.current.get(view) ?? 0)
  }, [view])

  useEffect(() => {
    const keep = () => places.current.set(shown.current, window.scrollY)
    window.addEventListener('scroll', keep, { passive: true })
    return () => window.removeEventListener('scroll', keep)
  }, [])
}

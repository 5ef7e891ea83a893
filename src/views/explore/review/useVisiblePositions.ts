import { type RefObject, useEffect } from 'react'
import type { ReviewLayout } from './reviewLayout'

/** Reports the tokens on screen, in reading order, whenever they change: they are measured first in advance. */
export function useVisiblePositions(
  container: RefObject<HTMLElement | null>,
  layout: ReviewLayout,
  onVisible?: (positions: readonly number[]) => void,
): void {
  useEffect(() => {
    if (
      !container.current ||
      !onVisible ||
      layout.words.length === 0 ||
      typeof IntersectionObserver === 'undefined'
    )
      return
    const visible = new Set<number>()
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const position = Number(target instanceof HTMLElement ? target.dataset.roving : Number.NaN)
        if (isIntersecting) visible.add(position)
        else visible.delete(position)
      }
      onVisible([...visible].sort((a, b) => a - b))
    })
    for (const element of container.current.querySelectorAll('[data-roving]')) observer.observe(element)
    return () => observer.disconnect()
  }, [container, layout, onVisible])
}

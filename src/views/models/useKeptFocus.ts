import { type RefObject, useEffect, useRef } from 'react'

const STOPS = 'button, summary'

/** Returns the elements from an element up to a container, both included. */
function pathTo(container: Element, element: EventTarget | null): readonly Element[] {
  const path: Element[] = []
  let at = element instanceof Element ? element : null
  for (; at && at !== container; at = at.parentElement) path.push(at)
  return [...path, container]
}

/**
 * Moves the focus when the focused element is removed: to its nearest neighbour, or, if the container itself is removed
 * or hidden, to the button of the view that is shown. Otherwise a keyboard would start again at the top of the page.
 *
 * @returns a ref for the container
 */
export function useKeptFocus<Container extends HTMLElement>(): RefObject<Container | null> {
  const ref = useRef<Container>(null)
  useEffect(() => {
    const container = ref.current
    if (!container) return
    let path: readonly Element[] = pathTo(container, null)
    const isLost = () => document.activeElement === document.body
    const remember = ({ target }: Event) => {
      path = pathTo(container, target)
    }
    // The event is the same for a removed element and for one that lost the focus: they differ only afterwards.
    const forget = () =>
      setTimeout(() => {
        if (path[0].isConnected && !container.contains(document.activeElement)) path = [container]
      })
    const observer = new MutationObserver(() => {
      if (path[0].isConnected || !isLost()) return
      const stops = path
        .filter((element) => element.isConnected)
        .map((element) => element.querySelector(STOPS))
      const next = stops.find((stop) => stop instanceof HTMLElement)
      if (next instanceof HTMLElement) next.focus()
    })
    container.addEventListener('focusin', remember)
    container.addEventListener('focusout', forget)
    observer.observe(container, { childList: true, subtree: true })
    return () => {
      container.removeEventListener('focusin', remember)
      container.removeEventListener('focusout', forget)
      observer.disconnect()
      const hadFocus = path[0] !== container && (isLost() || path[0] === document.activeElement)
      if (hadFocus) document.querySelector<HTMLElement>('.view-nav [aria-current]')?.focus()
    }
  }, [])
  return ref
}

import { type KeyboardEvent, type RefObject, useState } from 'react'

interface RovingFocus {
  /** Number of the one item that Tab reaches. */
  readonly current: number
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly setCurrent: (item: number) => void
}

function itemsOf(container: HTMLElement): HTMLElement[] {
  return Array.from(container.querySelectorAll<HTMLElement>('[data-roving]'))
}

/** Returns the item above or below: nearest in x on the nearest line. */
function verticalNeighbor(items: readonly HTMLElement[], from: HTMLElement, down: boolean) {
  const here = from.getBoundingClientRect()
  const x = here.left + here.width / 2
  const y = here.top + here.height / 2
  let best: HTMLElement | null = null
  let bestLine = Number.POSITIVE_INFINITY
  let bestX = Number.POSITIVE_INFINITY
  for (const item of items) {
    const box = item.getBoundingClientRect()
    const line = (box.top + box.height / 2 - y) * (down ? 1 : -1)
    if (line < here.height / 2) continue
    const away = Math.abs(box.left + box.width / 2 - x)
    const sameLine = Math.abs(line - bestLine) < here.height / 2
    if ((sameLine && away < bestX) || (!sameLine && line < bestLine)) {
      best = item
      bestLine = line
      bestX = away
    }
  }
  return best
}

/**
 * Moves the focus with arrow keys, Home and End among the elements marked `data-roving="<number>"`; one of them is in
 * the page's tab order.
 *
 * @param initial the item that Tab reaches before the first move, and again whenever it changes
 */
export function useRovingFocus(container: RefObject<HTMLElement | null>, initial: number): RovingFocus {
  const [moved, setMoved] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const current = moved && moved.from === initial ? moved.to : initial

  const onKeyDown = (event: KeyboardEvent) => {
    if (!container.current || !(event.target instanceof HTMLElement)) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const items = itemsOf(container.current)
    const index = items.indexOf(event.target)
    if (index < 0) return
    const next = targetOf(event.key, items, index)
    if (next === undefined) return
    event.preventDefault()
    next?.focus()
  }
  return { current, onKeyDown, setCurrent: (to) => setMoved({ from: initial, to }) }
}

/** Returns the item to which a key moves; undefined for keys that do not move. */
function targetOf(key: string, items: readonly HTMLElement[], index: number) {
  switch (key) {
    case 'ArrowRight':
      return items[index + 1] ?? null
    case 'ArrowLeft':
      return items[index - 1] ?? null
    case 'ArrowDown':
      return verticalNeighbor(items, items[index], true)
    case 'ArrowUp':
      return verticalNeighbor(items, items[index], false)
    case 'Home':
      return items[0]
    case 'End':
      return items[items.length - 1]
    default:
      return undefined
  }
}

import { useLayoutEffect, useState } from 'react'
import { exportColor } from '../exportColor'
import type { PointStyle } from './pointLayer'

const EXPRESSIONS = {
  plainFew: 'var(--series-0, #0b6b8f)',
  plainMany: 'color-mix(in srgb, var(--series-0, #0b6b8f) 35%, var(--ink, #1b1d21))',
  markedFew: 'var(--series-1, #b3541e)',
  markedMany: 'color-mix(in srgb, var(--series-1, #b3541e) 55%, var(--ink, #1b1d21))',
}

/** The theme's colours in a form that a canvas knows. */
function readStyle(): PointStyle {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const read = (expression: string) => {
    probe.style.color = expression
    return exportColor(getComputedStyle(probe).color)
  }
  const style = {
    plain: { few: read(EXPRESSIONS.plainFew), many: read(EXPRESSIONS.plainMany) },
    marked: { few: read(EXPRESSIONS.markedFew), many: read(EXPRESSIONS.markedMany) },
  }
  probe.remove()
  return style
}

const NO_STYLE: PointStyle = { plain: { few: '', many: '' }, marked: { few: '', many: '' } }

/** Colours of points, read once and again when the theme changes: by the page's own switch or by the system. */
export function usePointStyle(): PointStyle {
  const [style, setStyle] = useState(NO_STYLE)
  useLayoutEffect(() => {
    const update = () => setStyle(readStyle())
    update()
    const observer = new MutationObserver(update)
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] })
    const system = window.matchMedia?.('(prefers-color-scheme: dark)')
    system?.addEventListener('change', update)
    return () => {
      observer.disconnect()
      system?.removeEventListener('change', update)
    }
  }, [])
  return style
}

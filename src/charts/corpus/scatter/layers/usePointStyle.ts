import { interpolateRgb } from 'd3-interpolate'
import { useLayoutEffect, useState } from 'react'
import { exportColor } from '../../../exportColor'
import type { PointStyle } from './pointLayer'

const EXPRESSIONS = {
  plainFew: 'var(--series-0, #0b6b8f)',
  plainMany: 'color-mix(in srgb, var(--series-0, #0b6b8f) 35%, var(--ink, #1b1d21))',
  markedFew: 'var(--series-1, #b3541e)',
  markedMany: 'color-mix(in srgb, var(--series-1, #b3541e) 55%, var(--ink, #1b1d21))',
}

/** Reads the theme's colours in a form that a canvas understands. */
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

const mixed = (color: string, share: number) => interpolateRgb('#1b1d21', color)(share)

/** Style of the light theme, used until the page's is read, and in files that no page draws. */
const LIGHT: PointStyle = {
  plain: { few: '#0b6b8f', many: mixed('#0b6b8f', 0.35) },
  marked: { few: '#b3541e', many: mixed('#b3541e', 0.55) },
}

/** Returns the colours of points, read again when the theme changes: by the page's own switch or by the system. */
export function usePointStyle(): PointStyle {
  const [style, setStyle] = useState(LIGHT)
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

import { useMemo, useSyncExternalStore } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'ripplescope-theme'
const listeners = new Set<() => void>()

function isTheme(value: string | undefined | null): value is Theme {
  return THEMES.some((theme) => theme === value)
}

function currentTheme(): Theme {
  const value = document.documentElement.dataset.theme
  return isTheme(value) ? value : 'system'
}

/** Sets the theme of the page and saves it for the next visit, if the browser allows that. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Storage denied: the theme is valid for this visit.
  }
  for (const listener of listeners) listener()
}

/** Restores the theme chosen on an earlier visit, before the first paint. */
export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEY)
    if (isTheme(kept) && kept !== 'system') document.documentElement.dataset.theme = kept
  } catch {
    // Storage denied: the system's theme.
  }
}

function subscribe(listener: () => void): () => void {
  const system = window.matchMedia?.('(prefers-color-scheme: dark)')
  listeners.add(listener)
  system?.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    system?.removeEventListener('change', listener)
  }
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme)
}

let probe: HTMLElement | null = null
const resolvedColors = new Map<string, string>()

/** Returns a custom property's colour in the present theme, in a form that d3-color reads. */
function resolveColor(property: string): string {
  const dark = window.matchMedia?.('(prefers-color-scheme: dark)').matches
  const key = `${property} ${currentTheme()} ${dark}`
  const known = resolvedColors.get(key)
  if (known !== undefined) return known
  if (!probe) {
    probe = document.createElement('span')
    probe.hidden = true
    document.body.append(probe)
  }
  probe.style.color = `var(${property})`
  // Read once a theme, not at every render: each read makes the browser compute the page's styles again.
  const { color } = getComputedStyle(probe)
  resolvedColors.set(key, color)
  return color
}

/** Returns both ends of a scale, resolved; charts interpolate between them. */
export function useScaleColors(
  lowProperty = '--scale-low',
  highProperty = '--scale-high',
): { readonly low: string; readonly high: string } {
  const snapshot = () => `${resolveColor(lowProperty)}|${resolveColor(highProperty)}`
  const [low, high] = useSyncExternalStore(subscribe, snapshot).split('|')
  return useMemo(() => ({ low, high }), [low, high])
}

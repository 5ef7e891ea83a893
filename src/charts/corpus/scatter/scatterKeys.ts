/** Names the command that a key gives to a scatterplot. */
export type ScatterCommand =
  | { readonly kind: 'walk'; readonly by: number }
  | { readonly kind: 'walk-to'; readonly end: 'first' | 'last' }
  | { readonly kind: 'pan'; readonly right: number; readonly down: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'open' }
  | { readonly kind: 'escape' }

export interface PressedKey {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Share of the view by which a key moves it. */
const PAN = 0.1
export const ZOOM_STEP = 1.6

const PANS: Readonly<Record<string, ScatterCommand>> = {
  ArrowRight: { kind: 'pan', right: -PAN, down: 0 },
  ArrowLeft: { kind: 'pan', right: PAN, down: 0 },
  ArrowUp: { kind: 'pan', right: 0, down: PAN },
  ArrowDown: { kind: 'pan', right: 0, down: -PAN },
}

const COMMANDS: Readonly<Record<string, ScatterCommand>> = {
  Home: { kind: 'walk-to', end: 'first' },
  End: { kind: 'walk-to', end: 'last' },
  Enter: { kind: 'open' },
  Escape: { kind: 'escape' },
  '+': { kind: 'zoom', factor: ZOOM_STEP },
  '=': { kind: 'zoom', factor: ZOOM_STEP },
  '-': { kind: 'zoom', factor: 1 / ZOOM_STEP },
  '0': { kind: 'reset' },
}

/**
 * Returns the command of a key. Arrow keys walk through the points by x: sideways by one, up and down by a fiftieth of
 * all; with Shift they move the view. The browser's own shortcuts give null.
 *
 * @param points number of points in the plot
 */
export function scatterCommand(pressed: PressedKey, points: number): ScatterCommand | null {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = pressed
  if (ctrlKey || metaKey || altKey) return null
  if (shiftKey && PANS[key]) return PANS[key]
  const leap = Math.max(1, Math.round(points / 50))
  const walks: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowUp: leap,
    ArrowDown: -leap,
    PageUp: 5 * leap,
    PageDown: -5 * leap,
  }
  return walks[key] === undefined ? (COMMANDS[key] ?? null) : { kind: 'walk', by: walks[key] }
}

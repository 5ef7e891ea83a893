/** Holds a box in pixels of the page, not of the window: words next to their target scroll with it. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export type Side = 'right' | 'left' | 'below' | 'above'

export const GAP = 14
const MARGIN = 12

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high))

/**
 * Places words of a size next to what they explain, never on it: at the first side with enough space, below if none has
 * enough, because a page grows downwards.
 *
 * @param pageWidth width of the page, px
 */
export function placeNextTo(
  target: Box,
  size: Pick<Box, 'width' | 'height'>,
  pageWidth: number,
  sides: readonly Side[],
): Box & { readonly side: Side } {
  const { width, height } = size
  const across = clamp(target.left, MARGIN, Math.max(MARGIN, pageWidth - width - MARGIN))
  const places: Readonly<Record<Side, { readonly left: number; readonly top: number }>> = {
    right: { left: target.left + target.width + GAP, top: target.top },
    left: { left: target.left - GAP - width, top: target.top },
    below: { left: across, top: target.top + target.height + GAP },
    above: { left: across, top: target.top - GAP - height },
  }
  const hasRoom: Readonly<Record<Side, boolean>> = {
    right: places.right.left + width <= pageWidth - MARGIN,
    left: places.left.left >= MARGIN,
    below: true,
    above: places.above.top >= MARGIN,
  }
  const side = sides.find((candidate) => hasRoom[candidate]) ?? 'below'
  return { ...places[side], width, height, side }
}

/**
 * Returns how far the page has to scroll so that both are visible; the words take precedence if not both fit.
 *
 * @param view first visible pixel of the page and number of visible pixels, without bars over it
 */
export function scrollFor(
  target: Box,
  words: Box,
  view: { readonly top: number; readonly height: number },
): number {
  const top = Math.min(target.top, words.top) - MARGIN
  const bottom = Math.max(target.top + target.height, words.top + words.height) + MARGIN
  if (top >= view.top && bottom <= view.top + view.height) return view.top
  if (bottom - top <= view.height) return Math.max(0, top < view.top ? top : bottom - view.height)
  return words.top < target.top
    ? Math.max(0, words.top - MARGIN)
    : Math.max(0, words.top + words.height + MARGIN - view.height)
}

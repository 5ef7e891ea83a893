import { type Domain, valueDomain } from '../../domain'

/** Holds the part of the data's plane that a scatterplot shows, in the data's own units. */
export interface View {
  readonly x: Domain
  readonly y: Domain
}

/** Largest zoom: beyond it a 32-bit coordinate has too few digits for steady places. */
const LARGEST_ZOOM = 2000

/** Share of the extent that is free at each side, so that no point is cut by the frame. */
const PADDING = 0.03

function padded(values: Float32Array): Domain {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    // Comparisons with NaN are false; infinities have no place.
    if (value < low && value !== Number.NEGATIVE_INFINITY) low = value
    if (value > high && value !== Number.POSITIVE_INFINITY) high = value
  }
  const [from, to] = valueDomain(low <= high ? [low, high] : [])
  const free = (to - from) * PADDING
  return [from - free, to + free]
}

/** Returns the view of all finite values: [0, 1] for none; a constant is in the middle. */
export function homeView(x: Float32Array, y: Float32Array): View {
  return { x: padded(x), y: padded(y) }
}

/** Returns a view with one scale for both axes, as a diagonal needs it. */
export function squareView({ x, y }: View): View {
  const both: Domain = [Math.min(x[0], y[0]), Math.max(x[1], y[1])]
  return { x: both, y: both }
}

const spanOf = ([low, high]: Domain) => high - low

/** Returns how far a view is zoomed in: 1 shows everything. */
export function zoomOf(view: View, home: View): number {
  return spanOf(home.x) / spanOf(view.x)
}

function clampDomain([low, high]: Domain, home: Domain): Domain {
  const span = Math.min(high - low, spanOf(home))
  const start = Math.max(home[0], Math.min(home[1] - span, low))
  return [start, start + span]
}

/** Returns a view moved and limited to the data's extent. */
export function clampView(view: View, home: View): View {
  return { x: clampDomain(view.x, home.x), y: clampDomain(view.y, home.y) }
}

/**
 * Zooms about a place, which keeps its position.
 *
 * @param factor above 1 zooms in
 * @param at place as shares of the plot, from its left and from its top
 */
export function zoomView(view: View, home: View, factor: number, at: readonly [number, number]): View {
  const zoom = Math.max(1, Math.min(LARGEST_ZOOM, zoomOf(view, home) * factor))
  const about = ([low, high]: Domain, whole: Domain, share: number): Domain => {
    const span = spanOf(whole) / zoom
    const start = low + (high - low) * share - span * share
    return [start, start + span]
  }
  return clampView({ x: about(view.x, home.x, at[0]), y: about(view.y, home.y, 1 - at[1]) }, home)
}

/** Moves the view by shares of itself: right and down, as a hand drags the plot; the points move along. */
export function panView(view: View, home: View, right: number, down: number): View {
  const dx = spanOf(view.x) * right
  const dy = spanOf(view.y) * down
  return clampView({ x: [view.x[0] - dx, view.x[1] - dx], y: [view.y[0] + dy, view.y[1] + dy] }, home)
}

/** Returns the view after the smallest move that brings a point into it, with some space around the point. */
export function viewWith(view: View, home: View, x: number, y: number): View {
  const moved = ([low, high]: Domain, value: number): Domain => {
    const room = (high - low) * 0.1
    if (value >= low && value <= high) return [low, high]
    const shift = value < low ? value - room - low : value + room - high
    return [low + shift, high + shift]
  }
  return clampView({ x: moved(view.x, x), y: moved(view.y, y) }, home)
}

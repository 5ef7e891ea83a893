/** Name of the step in an address: `?step=3`. */
const STEP = 'step'

/** Returns the index of the tour's step that an address asks for, the first being `?step=1`; null without one. */
export function stepOf(search: string): number | null {
  const text = new URLSearchParams(search).get(STEP)
  return text !== null && /^[1-9]\d?$/.test(text) ? Number(text) - 1 : null
}

/**
 * Returns a link to a step of the tour over a session.
 *
 * @param fragment of the session's link, with its `#`
 */
export function stepLink(
  { origin, pathname }: Pick<Location, 'origin' | 'pathname'>,
  index: number,
  fragment: string,
): string {
  return `${origin}${pathname}?${STEP}=${index + 1}${fragment}`
}

import type { Failure } from '../../core/failure'
import { decodePermalink, encodePermalink, MAX_LINK_CHARACTERS } from '../../core/session/permalink'
import { charactersOf, EMPTY_SESSION, type Session } from '../../core/session/session'
import { EXAMPLES } from './examples'

/** Panels that can be embedded in another page, in the order in which they appear there. */
export const EMBED_PANELS = ['review', 'neighbors', 'curve', 'ripple'] as const
export type EmbedPanel = (typeof EMBED_PANELS)[number]

export type EmbedTheme = 'light' | 'dark'

export interface EmbedRequest {
  readonly panels: readonly EmbedPanel[]
  /** Theme; null for that of the reader's system. */
  readonly theme: EmbedTheme | null
  readonly session: Session
}

export type EmbedResult =
  | { readonly ok: true; readonly request: EmbedRequest }
  | { readonly ok: false; readonly failure: Failure }

const isPanel = (name: string): name is EmbedPanel => EMBED_PANELS.some((panel) => panel === name)
const isTheme = (name: string | null): name is EmbedTheme => name === 'light' || name === 'dark'

function firstExample(): Session {
  const [{ text, position }] = EXAMPLES
  return { ...EMPTY_SESSION, text, position }
}

/** Returns the panels in their order, each once; null if a name is unknown. An empty list gives the layer curve. */
function panelsOf(list: string): readonly EmbedPanel[] | null {
  const names = list.split(',').filter(Boolean)
  if (!names.every(isPanel)) return null
  return names.length === 0 ? ['curve'] : EMBED_PANELS.filter((panel) => names.includes(panel))
}

/**
 * Reads an embedding link: `#v1.<session>&embed=curve`, several panels joined by commas, then `&theme=dark`;
 * without a session the first example. Never throws.
 */
export function readEmbed(fragment: string): EmbedResult {
  const parts = fragment.replace(/^#/, '').split('&')
  const named = parts[0] !== '' && !parts[0].startsWith('embed')
  const options = new URLSearchParams((named ? parts.slice(1) : parts).join('&'))
  const panels = panelsOf(options.get('embed') ?? '')
  if (!panels) {
    return {
      ok: false,
      failure: {
        kind: 'invalid-link',
        message: 'This link asks for a panel that does not exist.',
        advice: `There are ${EMBED_PANELS.join(', ')}, several joined by commas.`,
      },
    }
  }
  const theme = options.get('theme')
  const read = named ? decodePermalink(parts[0]) : { ok: true as const, session: firstExample() }
  if (!read.ok) return { ok: false, failure: { ...read.failure, kept: undefined } }
  return {
    ok: true,
    request: {
      panels,
      theme: isTheme(theme) ? theme : null,
      session: { ...read.session, view: 'explore', run: null },
    },
  }
}

/** Returns the fragment that shows these panels of a session; null if it would be too long for a link. */
export function embedFragment(session: Session, panels: readonly EmbedPanel[]): string | null {
  if (charactersOf(session) > 50_000) return null
  const plain = encodePermalink({ ...session, view: 'explore', run: null })
  const fragment = `${plain}&embed=${panels.join(',')}`
  return fragment.length > MAX_LINK_CHARACTERS ? null : fragment
}

const escapeAttribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Height that each panel needs at a width of about 40 rem, px. */
const HEIGHTS: Readonly<Record<EmbedPanel, number>> = { review: 340, neighbors: 620, curve: 430, ripple: 430 }
const FRAME = 110

/**
 * Permissions needed inside the frame: scripts; the page's own origin, for its worker and its files; a new tab for the
 * whole page; charts and tables as files.
 */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads'

/** Returns the HTML of a frame. @param title content of the frame, for screen readers */
export function embedSnippet(address: string, title: string, panels: readonly EmbedPanel[]): string {
  const height = panels.reduce((sum, panel) => sum + HEIGHTS[panel], FRAME)
  const attributes = {
    src: address,
    title,
    width: '100%',
    height: `${height}`,
    loading: 'lazy',
    sandbox: SANDBOX,
    referrerpolicy: 'no-referrer',
    style: 'border: 0',
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escapeAttribute(value)}"`)
  return `<iframe ${written.join(' ')}></iframe>`
}

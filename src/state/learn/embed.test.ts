import { describe, expect, it } from 'vitest'
import { decodePermalink, encodePermalink, isEmbedLink } from '../../core/session/permalink'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { EMBED_PANELS, embedFragment, embedSnippet, readEmbed } from './embed'
import { EXAMPLES } from './examples'

const session: Session = {
  ...EMPTY_SESSION,
  text: 'so "good" & <b>bold</b>',
  position: 2,
  tokenId: 7,
  norm: 'l1',
  pins: [{ text: 'another', substitutions: [{ position: 1, tokenId: 5 }], color: 3 }],
}

const requestOf = (fragment: string) => {
  const result = readEmbed(fragment)
  if (!result.ok) throw new Error(result.failure.message)
  return result.request
}

describe('an embedding link', () => {
  it('carries the session and the panels there and back', () => {
    const fragment = embedFragment(session, ['curve', 'review']) ?? ''
    expect(isEmbedLink(fragment)).toBe(true)
    expect(requestOf(fragment)).toEqual({ panels: ['review', 'curve'], theme: null, session })
    expect(requestOf(`${fragment}&theme=dark`).theme).toBe('dark')
    expect(requestOf(`${fragment}&theme=pink&more=1`).theme).toBeNull()
  })

  it('opens as the whole page where the page does not know of panels', () => {
    const result = decodePermalink(embedFragment(session, ['ripple']) ?? '')
    expect(result).toEqual({ ok: true, session })
  })

  it('is no plain link, and a plain link is none', () => {
    const plain = encodePermalink(session)
    expect(isEmbedLink(plain)).toBe(false)
    expect(isEmbedLink('')).toBe(false)
    expect(isEmbedLink('#v1.embed=curve')).toBe(false)
    expect(isEmbedLink(`${plain}&embedded=1`)).toBe(false)
    expect(isEmbedLink(`${plain}&theme=dark&embed=curve`)).toBe(true)
    expect(decodePermalink(plain)).toEqual({ ok: true, session })
  })

  it.each(['#embed', '#embed=curve', '#embed=&theme=light'])('shows the first example for %s', (fragment) => {
    expect(isEmbedLink(fragment)).toBe(true)
    const request = requestOf(fragment)
    expect(request.panels).toEqual(['curve'])
    expect(request.session).toMatchObject({ text: EXAMPLES[0].text, position: EXAMPLES[0].position })
  })

  it('stands in Explore and starts no run, whatever the session did', () => {
    const request = requestOf(`${encodePermalink({ ...session, view: 'corpus' })}&embed=curve`)
    expect(request.session.view).toBe('explore')
    expect(request.session.run).toBeNull()
  })

  it('tells of an unknown panel and of a damaged session in a sentence', () => {
    const unknown = readEmbed(`${encodePermalink(session)}&embed=curve,pie`)
    expect(unknown).toMatchObject({ ok: false, failure: { kind: 'invalid-link' } })
    for (const panel of EMBED_PANELS) expect(!unknown.ok && unknown.failure.advice).toContain(panel)
    const damaged = readEmbed('#v1.nonsense&embed=curve')
    expect(damaged).toMatchObject({ ok: false, failure: { kind: 'invalid-link' } })
    expect(damaged.ok || damaged.failure.message).not.toBe('')
  })

  it('is not made of a session too long for a link', () => {
    const random = Array.from({ length: 9000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20000)))
    expect(embedFragment({ ...session, text: random.join('') }, ['curve'])).toBeNull()
    expect(embedFragment({ ...session, text: 'a'.repeat(60_000) }, ['curve'])).toBeNull()
  })
})

describe('the frame', () => {
  const address = `https://example.org/app/${embedFragment(session, ['curve'])}`
  const html = embedSnippet(address, 'Ripplescope: "good" → <b>fine</b> & so', ['curve'])

  it('holds its address and title as attributes, whatever they contain', () => {
    expect(html.match(/</g)).toHaveLength(2)
    expect(html).toContain('title="Ripplescope: &quot;good&quot; → &lt;b&gt;fine&lt;/b&gt; &amp; so"')
    expect(html).toContain(`src="${address.replaceAll('&', '&amp;')}"`)
  })

  it('allows what the page needs and neither forms nor the host’s own place', () => {
    const allowed = /sandbox="([^"]*)"/.exec(html)?.[1].split(' ') ?? []
    expect(allowed).toContain('allow-scripts')
    expect(allowed).toContain('allow-same-origin')
    expect(allowed.filter((name) => /top-navigation|forms|modals/.test(name))).toEqual([])
    expect(html).toContain('referrerpolicy="no-referrer"')
    expect(html).toContain('loading="lazy"')
  })

  it('is higher for more panels', () => {
    const height = (text: string) => Number(/height="(\d+)"/.exec(text)?.[1])
    expect(height(embedSnippet(address, 't', ['review', 'curve']))).toBeGreaterThan(height(html))
  })
})

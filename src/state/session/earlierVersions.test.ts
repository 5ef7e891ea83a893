import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { decodePermalink, encodePermalink } from '../../core/session/permalink'
import type { Session } from '../../core/session/session'
import { formatSessionFile, parseSessionFile } from '../../core/session/sessionFile'
import { parseKeptTab } from './keptTab'

/** Session files, links and a tab as version 1 wrote them, when the comparison was called `beside`. */
const written: {
  readonly sessions: Readonly<Record<string, { readonly file: string; readonly link: string }>>
  readonly tab: string
} = JSON.parse(readFileSync(new URL('../../../fixtures/sessions/version-1.json', import.meta.url), 'utf8'))

const SECOND_TEXT = 'A quiet film, and a poor one.'
const COMPARISONS: Readonly<Record<string, Session['comparison']>> = {
  'second-model': {
    model: { id: 'owner/name@main', sha256: 'a1'.repeat(32) },
    text: null,
    ownNearest: true,
  },
  'second-text': { model: null, text: SECOND_TEXT, ownNearest: false },
  both: { model: { id: './folder', sha256: '' }, text: '', ownNearest: false },
  none: null,
}

const sessionOf = (name: string) => {
  const read = parseSessionFile(written.sessions[name].file)
  return read.ok ? read.session : null
}

it.each(Object.entries(COMPARISONS))(
  'a session file and a link of version 1 still open: %s',
  (name, comparison) => {
    const session = sessionOf(name)
    expect(session).toMatchObject({ position: 6, tokenId: 2204, norm: 'l1', tint: 'distance', comparison })
    expect(session?.pins).toHaveLength(1)
    const { link } = written.sessions[name]
    expect(decodePermalink(link)).toEqual({ ok: true, session })
    expect(session && encodePermalink(session)).toBe(link)
  },
)

it('a tab of version 1 still opens, with its steps', () => {
  const tab = parseKeptTab(written.tab)
  expect(tab?.session.comparison).toEqual(COMPARISONS['second-text'])
  expect(tab?.history).toEqual({
    past: [sessionOf('second-model'), sessionOf('none')],
    future: [sessionOf('both')],
  })
  expect(tab?.fragment).toBe(written.sessions['second-text'].link)
})

it('a file that names the comparison twice is refused', () => {
  const { comparison, ...session } = JSON.parse(
    written.sessions.both.file.replace('"beside"', '"comparison"'),
  )
  const twice = JSON.stringify({ ...session, comparison, beside: comparison })
  expect(parseSessionFile(twice)).toMatchObject({
    ok: false,
    failure: { advice: expect.stringMatching(/beside/) },
  })
})

it('is written under its present name', () => {
  const session = sessionOf('both')
  const file = JSON.parse(session ? formatSessionFile(session) : '{}')
  expect(file).toMatchObject({ version: 2, comparison: COMPARISONS.both })
  expect(file).not.toHaveProperty('beside')
})

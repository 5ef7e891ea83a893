import { describe, expect, it } from 'vitest'
import { EMPTY_SESSION } from './session'
import { formatSessionFile, looksLikeSessionFile, parseSessionFile } from './sessionFile'

const session = { ...EMPTY_SESSION, text: 'It was\n"good".', position: 2 }
const changed = (change: object) => {
  const result = parseSessionFile(JSON.stringify({ ...JSON.parse(formatSessionFile(session)), ...change }))
  return result.ok ? null : result.failure
}

describe('session files', () => {
  it('are readable JSON with format and version first', () => {
    const file = formatSessionFile(session)
    expect(file.startsWith('{\n  "format": "ripplescope-session",\n  "version": 2,\n  "text": "It was')).toBe(
      true,
    )
    expect(looksLikeSessionFile(file)).toBe(true)
    expect(looksLikeSessionFile('It was a dark and stormy night.')).toBe(false)
  })

  it('say what is wrong', () => {
    expect(changed({ version: 3 })?.message).toMatch(/newer version/)
    expect(changed({ format: 'something' })?.message).toMatch(/not a session/)
    expect(changed({ norm: 'l7' })?.advice).toMatch(/norm/)
    expect(changed({ position: '2' })?.advice).toMatch(/position/)
    expect(changed({ surprise: 1 })?.advice).toMatch(/surprise/)
    const cut = parseSessionFile(formatSessionFile(session).slice(0, 60))
    expect(cut).toMatchObject({ ok: false, failure: { kind: 'damaged-file' } })
  })
})

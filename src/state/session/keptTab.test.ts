import { describe, expect, it } from 'vitest'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { formatKeptTab, type KeptTab, parseKeptTab } from './keptTab'

const REVIEW = 'A long review, of which there is one. '.repeat(50)

const at = (position: number, text = REVIEW): Session => ({
  ...EMPTY_SESSION,
  text,
  position,
  pins: [{ text: REVIEW, substitutions: [{ position, tokenId: 7 }], color: 0 }],
})

const TAB: KeptTab = {
  session: at(1),
  history: { past: [at(2), at(3, '0'), at(4)], future: [at(5)] },
  fragment: '#v1.abc',
  own: true,
}

describe('a kept tab', () => {
  it('comes back as it was, each text kept once', () => {
    const json = formatKeptTab(TAB)
    expect(parseKeptTab(json)).toEqual(TAB)
    expect(json.split(REVIEW)).toHaveLength(2)
  })

  it('keeps text that is no Unicode, and text that reads like JSON', () => {
    for (const text of ['\ud800 alone', 'zero\u200bwidth', '"],"text":0}', '']) {
      const tab = { ...TAB, session: at(1, text) }
      expect(parseKeptTab(formatKeptTab(tab))).toEqual(tab)
    }
  })

  it.each([
    ['cut off', (json: string) => json.slice(0, -20)],
    ['of another version', (json: string) => json.replace('"version":1', '"version":2')],
    ['with a session that cannot be', (json: string) => json.replace('"position":5', '"position":-5')],
    ['with a text that is missing', (json: string) => json.replace('"text":0', '"text":9')],
    ['something else', () => '[1]'],
  ])('is not believed: %s', (_, damage) => {
    const json = formatKeptTab(TAB)
    expect(damage(json)).not.toBe(json)
    expect(parseKeptTab(damage(json))).toBeNull()
  })
})

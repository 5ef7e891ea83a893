import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodePermalink, encodePermalink } from '../../core/session/permalink'
import { parseSnapshot } from '../../core/session/snapshotSchema'
import { LEARN_EXAMPLES, STORY_EXAMPLE } from './learnExamples'

const root = new URL('../../../', import.meta.url)
const snapshot = parseSnapshot(
  JSON.parse(readFileSync(new URL(`public/examples/${STORY_EXAMPLE}.json`, root), 'utf8')),
)
const vocabulary = JSON.parse(
  readFileSync(new URL('public/models/bert-imdb-l12-h384/tokenizer.json', root), 'utf8'),
).model.vocab

const all = Object.values(LEARN_EXAMPLES).flat()

describe('the examples of the story', () => {
  it.each(all)('$label is a link that opens as it is', ({ session }) => {
    expect(decodePermalink(encodePermalink(session))).toEqual({ ok: true, session })
  })

  it('stand on the words that they name', () => {
    const wordAt = (position: number | null) => snapshot.tokens[position ?? 0][1]
    const [common, rare] = LEARN_EXAMPLES.common
    expect([common, rare].map(({ session }) => wordAt(session.position))).toEqual(['is', 'charming'])
    expect(wordAt(LEARN_EXAMPLES.identifiability[0].session.position)).toBe('ashamed')
    const [beside] = LEARN_EXAMPLES.depth
    expect(wordAt(beside.session.position)).toBe('wonderful')
    const [{ substitutions }] = beside.session.pins
    expect(substitutions.map(({ position }) => wordAt(position))).toEqual(['is'])
    // The pin is the first row of the table, so that its curve is among the shipped results.
    expect(substitutions[0].tokenId).toBe(snapshot.neighbors[substitutions[0].position][0][0])
  })

  it('puts the word that it names in the place of “best”', () => {
    const { session } = LEARN_EXAMPLES.effect[1]
    expect(session.tokenId).toBe(vocabulary.worst)
    expect(session.text.split(' ')[(session.position ?? 0) - 1]).toBe('best')
  })
})

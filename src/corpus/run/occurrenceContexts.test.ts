import { describe, expect, it } from 'vitest'
import { NONE, type RecordTable } from '../../core/corpus/records/records'

import { bareText, type Token } from '../../core/text/token'
import { pieceKindOf } from '../../core/text/tokenPieces'
import { INFO } from '../fakeEngineFixture'
import { createOccurrenceContexts } from './occurrenceContexts'

/** Returns an engine with this vocabulary, whose tokens are the pieces that `tokenize` gives. */
function engineOf(vocabulary: readonly string[], tokenize: (text: string) => readonly string[]) {
  const asked: string[] = []
  return {
    asked,
    info: async () => INFO,
    vocabulary: async () => vocabulary,
    tokenize: async (text: string) => {
      asked.push(text)
      const kind = pieceKindOf(vocabulary)
      let end = 0
      const frame = (id: number): Token => ({ id, text: vocabulary[id], special: true, start: end, end })
      const content = tokenize(text).map((piece): Token => {
        const bare = piece === '[UNK]' ? '😀' : bareText(piece, kind)
        const found = text.toLowerCase().indexOf(bare, end)
        const start = found < 0 ? end : found
        end = found < 0 ? end : found + bare.length
        return { id: vocabulary.indexOf(piece), text: piece, special: false, start, end }
      })
      const tokens = [{ ...frame(0), start: 0, end: 0 }, ...content, frame(1)]
      return { text, tokens, truncatedAt: null, totalTokens: tokens.length, totalIsAtLeast: false }
    },
  }
}

const VOCABULARY = ['[CLS]', '[SEP]', '[UNK]', 'a', 'wonder', '##ful', 'film', ',', 'truly']
const TEXT = 'A Wonderful\n  film, truly 😀'
const PIECES = ['a', 'wonder', '##ful', 'film', ',', 'truly', '[UNK]']

function tableOf(sequence: number, positions: readonly number[]): RecordTable {
  return {
    rows: positions.length,
    columns: {
      sequence: new Uint32Array(positions.length).fill(sequence),
      position: Uint16Array.from(positions),
    },
  }
}

describe('createOccurrenceContexts', () => {
  it('gives the words of the text itself around each token', async () => {
    const engine = engineOf(VOCABULARY, () => PIECES)
    const contexts = createOccurrenceContexts({
      engine,
      sha256: INFO.provenance.sha256,
      text: async () => TEXT,
    })
    expect(await contexts(tableOf(3, [1, 2, 3, 5, 7]), [0, 1, 2, 3, 4])).toEqual([
      { sequence: 3, position: 1, before: '', after: ' Wonderful film, truly 😀' },
      { sequence: 3, position: 2, before: 'A ', after: 'ful film, truly 😀' },
      { sequence: 3, position: 3, before: 'A Wonder', after: ' film, truly 😀' },
      { sequence: 3, position: 5, before: 'A Wonderful film', after: ' truly 😀' },
      { sequence: 3, position: 7, before: 'A Wonderful film, truly ', after: '' },
    ])
    expect(engine.asked).toEqual([TEXT])
  })

  it('cuts long sentences between words', async () => {
    const text = `${'word '.repeat(100)}film ${'word '.repeat(100)}`
    const engine = engineOf([...VOCABULARY, 'word'], (all) => all.trim().split(' '))
    const contexts = createOccurrenceContexts({
      engine,
      sha256: INFO.provenance.sha256,
      text: async () => text,
    })
    const [{ before, after }] = await contexts(tableOf(0, [101]), [0])
    expect(before).toMatch(/^(word )+$/)
    expect(after).toMatch(/^( word)+$/)
    expect(before?.length).toBeLessThanOrEqual(60)
  })

  it('finds the pieces of bytes in the text, and joins them where they do not spell it', async () => {
    const vocabulary = ['<s>', '</s>', '<unk>', '\u0120truly', '\u0120a', '\u0120film', '\u0120\u00c3\u00a9']
    const engine = engineOf(vocabulary, () => ['\u0120truly', '\u0120a', '\u0120film', '\u0120\u00c3\u00a9'])
    const contextsIn = (text: string) =>
      createOccurrenceContexts({ engine, sha256: INFO.provenance.sha256, text: async () => text })(
        tableOf(0, [2]),
        [0],
      )
    const place = { sequence: 0, position: 2 }
    expect(await contextsIn('truly a film é')).toEqual([{ ...place, before: 'truly ', after: ' film é' }])
    expect(await contextsIn('')).toEqual([{ ...place, before: 'truly', after: 'film é' }])
  })

  it('knows nothing where texts or sequences are not kept', async () => {
    const engine = engineOf(VOCABULARY, () => PIECES)
    const nothing = { before: null, after: null }
    const none = createOccurrenceContexts({ engine, sha256: INFO.provenance.sha256, text: async () => null })
    expect(await none(tableOf(0, [1]), [0])).toEqual([{ sequence: 0, position: 1, ...nothing }])
    const kept = createOccurrenceContexts({ engine, sha256: INFO.provenance.sha256, text: async () => TEXT })
    expect(await kept(tableOf(NONE, [1]), [0])).toEqual([{ sequence: NONE, position: 1, ...nothing }])
    expect(engine.asked).toEqual([])
  })
})

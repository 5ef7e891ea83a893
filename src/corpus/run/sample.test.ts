import { describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random'
import { createFakeEngine, createTexts, SETTINGS, wordId } from '../fakeEngineFixture'
import { sampleCorpus, type TextSource } from './sample'
import { type CorpusText, MAX_CHARACTERS_PER_CALL, MAX_KEPT_CHARACTERS } from './textBatches'

/** Returns a source that gives the texts in batches of one size. */
function sourceOf(texts: readonly CorpusText[], size: number): TextSource {
  return {
    async *batches() {
      for (let from = 0; from < texts.length; from += size) {
        yield { texts: texts.slice(from, from + size), bytesRead: from + size }
      }
    },
  }
}

const textsOf = (...texts: readonly string[]): CorpusText[] => texts.map((text, row) => ({ row, text }))

const sampled = (
  texts: readonly CorpusText[],
  { size = 10, batch = 7, seed = 7, cleanHtml = true, engine = createFakeEngine() } = {},
) => sampleCorpus(sourceOf(texts, batch), engine, { settings: { seed, sampleSize: size, cleanHtml } })

const rowsOf = ({ texts }: { readonly texts: readonly CorpusText[] }) => texts.map(({ row }) => row)

describe('sampleCorpus', () => {
  const texts = createTexts(200)

  it('draws the same sample however the source is cut', async () => {
    const rows = rowsOf(await sampled(texts))
    expect(new Set(rows).size).toBe(10)
    for (const batch of [1, 10, 64, 500]) expect(rowsOf(await sampled(texts, { batch }))).toEqual(rows)
    expect(rowsOf(await sampled(texts, { seed: 8 }))).not.toEqual(rows)
  })

  it('draws every row, and every row at every place, equally often', async () => {
    const engine = createFakeEngine({
      encodeTexts: async () => ({
        inputIds: [],
        truncated: [],
        tokenIds: new Uint32Array(),
        counts: new Uint32Array(),
      }),
    })
    const small = createTexts(12)
    const draws = 3000
    const chosen = new Array<number>(12).fill(0)
    const first = new Array<number>(12).fill(0)
    for (let seed = 0; seed < draws; seed++) {
      const rows = rowsOf(await sampled(small, { size: 4, seed, engine }))
      for (const row of rows) chosen[row]++
      first[rows[0]]++
    }
    const chiSquare = (counts: readonly number[], expected: number) =>
      counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 99.9 % of 11 degrees of freedom.
    expect(chiSquare(chosen, (draws * 4) / 12)).toBeLessThan(31.3)
    expect(chiSquare(first, draws / 12)).toBeLessThan(31.3)
  })

  it('takes a corpus that is smaller than the sample whole, in the order of the seed', async () => {
    const { texts: all } = await sampled(texts.slice(0, 9), { size: 50 })
    expect(rowsOf({ texts: all }).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(rowsOf({ texts: all })).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('counts the tokens of all rows, not of the sample', async () => {
    const { counts, corpus } = await sampled(texts, { size: 3 })
    const words = texts.flatMap(({ text }) => text.split(' '))
    expect(corpus.rows).toBe(200)
    expect(corpus.tokens).toBe(words.length)
    expect(Array.from(counts.tokenIds)).toEqual([...new Set(words.map(wordId))].sort((a, b) => a - b))
    for (const [i, id] of counts.tokenIds.entries()) {
      expect(counts.counts[i]).toBe(words.filter((word) => wordId(word) === id).length)
    }
  })

  it('skips rows without a text and counts them', async () => {
    const result = await sampled(textsOf('good', '', ' \n\t', '<br />', 'bad'))
    expect(result).toMatchObject({ corpus: { rows: 2, skipped: 3 } })
    expect(rowsOf(result).toSorted()).toEqual([0, 4])
  })

  it('reads line breaks of HTML as line breaks where asked', async () => {
    const text = 'one<br /><br>two<BR/>three'
    expect((await sampled(textsOf(text))).texts[0].text).toBe('one\n\ntwo\nthree')
    expect((await sampled(textsOf(text), { cleanHtml: false })).texts[0].text).toBe(text)
  })

  it('gives nothing for nothing, and one text for one', async () => {
    expect(await sampled([])).toMatchObject({ texts: [], corpus: { rows: 0, tokens: 0 } })
    expect(await sampled(textsOf('one'))).toMatchObject({
      texts: [{ row: 0, text: 'one' }],
      corpus: { rows: 1, tokens: 1 },
    })
    expect((await sampled(textsOf(...new Array(1000).fill('same words')))).texts).toHaveLength(10)
  })

  it('never sends more than a call may hold, and counts a long text in parts', async () => {
    const engine = createFakeEngine()
    const { encodeTexts } = engine
    const sizes: number[] = []
    engine.encodeTexts = (sent, options) => {
      expect(sent.length).toBeLessThanOrEqual(64)
      sizes.push(sent.join('').length)
      return encodeTexts(sent, options)
    }
    const word = 'abcdefg '
    const long = word.repeat(60_000)
    const result = await sampled([...createTexts(150), { row: 150, text: long }], {
      engine,
      batch: 200,
      size: 151,
    })
    const others = createTexts(150).flatMap(({ text }) => text.split(' ')).length
    expect(result.corpus.tokens).toBe(others + 60_000)
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_CHARACTERS_PER_CALL)
    const kept = result.texts.find(({ row }) => row === 150)?.text ?? ''
    expect(kept).toHaveLength(MAX_KEPT_CHARACTERS)
    expect(long.startsWith(kept)).toBe(true)
  })

  it('cuts no character in half', async () => {
    const { texts: kept, corpus } = await sampled(textsOf(`a${'😀'.repeat(120_000)}`))
    expect(kept[0].text).not.toMatch(/\p{Surrogate}/u)
    expect(corpus.tokens).toBeGreaterThan(0)
  })

  it('reports what it has read, and stops where it is told to', async () => {
    const engine = createFakeEngine()
    const reports: number[] = []
    await sampleCorpus(sourceOf(texts, 50), engine, {
      settings: SETTINGS,
      onProgress: ({ rows }) => reports.push(rows),
    })
    expect(reports).toEqual(reports.toSorted((a, b) => a - b))
    expect(reports.at(-1)).toBe(200)

    const before = engine.calls.length
    const stopped = sampleCorpus(sourceOf(texts, 50), engine, {
      settings: SETTINGS,
      checkpoint: async () => {
        if (engine.calls.length === before + 2) throw new Error('stop')
      },
    })
    await expect(stopped).rejects.toThrow('stop')
    expect(engine.calls.length).toBe(before + 2)
  })
})

describe('createRandom', () => {
  it('gives each purpose and index a stream of its own, the same each time', () => {
    const bits = (...args: Parameters<typeof createRandom>) => {
      const random = createRandom(...args)
      return Array.from({ length: 4 }, () => random.bits())
    }
    const streams = [
      bits(1, 0, 'sample'),
      bits(2, 0, 'sample'),
      bits(1, 1, 'sample'),
      bits(1, 0, 'order'),
      bits(0, 1, 'sample'),
      bits(0, 0, 'sample'),
    ]
    expect(new Set(streams.flat()).size).toBe(24)
    expect(bits(1, 0, 'sample')).toEqual(streams[0])
    // Recorded once: another generator would change every run that was ever shared.
    expect(bits(7, 3, 'positions')).toMatchInlineSnapshot(`
      [
        226357770,
        3909905715,
        3065357039,
        364676771,
      ]
    `)
  })

  it('is uniform below a number that divides nothing', () => {
    const random = createRandom(5, 0, 'order')
    const counts = [0, 0, 0]
    for (let i = 0; i < 30_000; i++) counts[random.below(3)]++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(300)
    expect(() => random.below(0)).toThrow(RangeError)
  })
})

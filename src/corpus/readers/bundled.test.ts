import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { openCorpus, previewSource } from './openCorpus'

const SAMPLE = readFileSync(new URL('../../../public/corpora/short-reviews.jsonl', import.meta.url), 'utf8')
const BASE = 'http://localhost/some/path/'

const serving = (answer: () => Response | Promise<Response>) => {
  const asked: string[] = []
  const fetch = async (url: unknown) => {
    asked.push(String(url))
    return answer()
  }
  return { asked, options: { base: BASE, fetch: fetch as typeof globalThis.fetch } }
}

describe('the bundled sample', () => {
  it('holds 120 different reviews of both kinds, of 25 to 90 words', () => {
    const rows: { id: number; label: number; text: string }[] = SAMPLE.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
    expect(new Set(rows.map(({ text }) => text)).size).toBe(120)
    expect(rows.filter(({ label }) => label === 1)).toHaveLength(60)
    for (const { text } of rows) {
      const words = text.split(' ').length
      expect(words, text).toBeGreaterThanOrEqual(25)
      expect(words, text).toBeLessThanOrEqual(90)
    }
  })

  it('is fetched from below the page and read', async () => {
    const { asked, options } = serving(() => new Response(SAMPLE))
    const reader = await openCorpus({ kind: 'bundled' }, options)
    const texts: string[] = []
    for await (const batch of reader.batches()) texts.push(...batch.texts.map(({ text }) => text))
    expect(texts).toHaveLength(120)
    expect(reader).toMatchObject({ name: 'short-reviews.jsonl', column: 'text', format: 'jsonl' })
    expect(asked).toEqual([`${BASE}corpora/short-reviews.jsonl`])
    const { likelyColumn, columns } = await previewSource({ kind: 'bundled' }, options)
    expect({ likelyColumn, columns }).toEqual({ likelyColumn: 'text', columns: ['id', 'label', 'text'] })
  })

  it.each([
    [() => new Response('', { status: 404 }), 'missing-file'],
    [() => Promise.reject(new TypeError('offline')), 'network'],
  ])('that does not come is said so', async (answer, kind) => {
    const opened = openCorpus({ kind: 'bundled' }, serving(answer).options)
    expect(failureOf(await opened.catch((thrown: unknown) => thrown)).kind).toBe(kind)
  })
})

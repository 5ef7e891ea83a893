import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CorpusReader, TextBatch } from '../../corpus/readers/corpusReader'
import { command, REVIEWS, TINY } from '../commandFixture'
import { expectedBatches } from './expectedBatches'

const folder = mkdtempSync(join(tmpdir(), 'ripplescope-expected-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nowhere = join(folder, 'not-begun')
const WHOLE = { index: 1, of: 1 }
const LARGE = { sampleSize: 1_000_000 }

/** Returns a reader of so many texts, ten to a batch, that counts the batches it was asked for. */
function readerOf(texts: number, totalRows: number | null = null) {
  const asked: number[] = []
  async function* batches(): AsyncGenerator<TextBatch> {
    for (let first = 0; first < texts; first += 10) {
      asked.push(first)
      const rows = Array.from({ length: Math.min(10, texts - first) }, (_, i) => first + i)
      yield { texts: rows.map((row) => ({ row, text: `Film ${row}.` })), bytesRead: first }
    }
  }
  const reader: CorpusReader = {
    name: 'films',
    format: 'txt',
    column: null,
    totalRows,
    totalBytes: null,
    notes: [],
    encoding: () => null,
    batches,
    malformed: () => ({ rows: [], total: 0, missing: 0 }),
  }
  return { reader, asked }
}

const of = (texts: number, settings = LARGE, shard = WHOLE, most = 4) =>
  expectedBatches(nowhere, readerOf(texts).reader, settings, shard, most)

describe('expectedBatches', () => {
  it('counts few texts', async () => {
    expect(await of(0)).toBe(0)
    expect(await of(8)).toBe(1)
    expect(await of(9)).toBe(2)
  })

  it('reads no more of many than it has to know', async () => {
    const { reader, asked } = readerOf(100_000)
    expect(await expectedBatches(nowhere, reader, LARGE, WHOLE, 4)).toBe(4)
    expect(asked).toEqual([0, 10, 20, 30])
  })

  it('reads nothing where the source says how many rows it has', async () => {
    const { reader, asked } = readerOf(100_000, 17)
    expect(await expectedBatches(nowhere, reader, LARGE, WHOLE, 4)).toBe(3)
    expect(asked).toEqual([])
  })

  it('expects no more than the sample, or the shard, has', async () => {
    expect(await of(100, { sampleSize: 10 })).toBe(2)
    expect(await of(40, LARGE, { index: 1, of: 5 })).toBe(1)
    expect(await of(100_000, LARGE, { index: 2, of: 5 })).toBe(4)
  })

  it('expects what a run that has begun lacks', async () => {
    const path = join(folder, 'begun')
    const args = ['run', REVIEWS, '--model', TINY, '--sample=24', '--quiet', '--out', path]
    expect((await command(args)).code).toBe(0)
    const [, ...gone] = readdirSync(join(path, 'batches'))
    for (const name of gone) rmSync(join(path, 'batches', name))
    expect(await expectedBatches(path, readerOf(0).reader, LARGE, WHOLE, 4)).toBe(2)
  })
})

import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import type { CorpusReader } from '../readers/corpusReader'
import { openCorpus, previewSource } from '../readers/openCorpus'
import { type HubDatasetOptions, readHubDataset } from './hubDataset'
import { type Interference, type StandInDataset, type StandInHub, startStandInHub } from './hubFixture'

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ text: `Review number ${i} of them`, label: i % 2 }))

const parquetOf = (rows: ReturnType<typeof rowsOf>, codec: 'SNAPPY' | 'LZO' = 'SNAPPY') =>
  parquetWriteBuffer({
    columnData: [
      { name: 'text', data: rows.map(({ text }) => text), type: 'STRING' },
      { name: 'label', data: rows.map(({ label }) => label), type: 'INT32' },
    ],
    rowGroupSize: 50,
    codec,
    compressors: { LZO: (bytes) => bytes },
  })

const ROWS = rowsOf(230)
const HOLES = rowsOf(60).map((row, i) => (i === 55 ? { ...row, text: ' ' } : row))
const PLAIN = { config: 'plain_text', split: 'test', rows: ROWS }
const IMDB: StandInDataset = {
  tables: [
    { ...PLAIN, files: [parquetOf(ROWS.slice(0, 120)), parquetOf(ROWS.slice(120))] },
    { ...PLAIN, split: 'train' },
  ],
}
const DATASETS: Record<string, StandInDataset> = {
  'stanfordnlp/imdb': IMDB,
  'some/rows-only': { tables: [PLAIN] },
  'some/lzo': { tables: [{ ...PLAIN, files: [parquetOf(ROWS, 'LZO')] }] },
  'some/partial': { tables: [{ ...PLAIN, files: [parquetOf(ROWS)], partial: true }] },
  'some/configs': { tables: [PLAIN, { ...PLAIN, config: 'other', rows: rowsOf(3) }] },
  'some/holes': { tables: [{ ...PLAIN, files: [parquetOf(ROWS), parquetOf(HOLES)] }] },
  'some/gated': { tables: [PLAIN], gated: true },
}

describe('a data set of the hub', () => {
  let hub: StandInHub
  const waits: number[] = []
  const open = async (
    name?: string,
    options: HubDatasetOptions = {},
    interfere?: Interference,
    ranges = true,
  ) => {
    waits.length = 0
    hub = await startStandInHub(DATASETS, { interfere, ranges })
    const wait = async (milliseconds: number) => void waits.push(milliseconds)
    return readHubDataset(name, { base: hub.base, wait, ...options })
  }
  const failing = async (...given: Parameters<typeof open>) =>
    failureOf(
      await open(...given)
        .then(readAll)
        .catch((thrown: unknown) => thrown),
    )
  const paths = () => hub.requests.map((request) => request.split('?')[0])
  afterEach(() => hub.close())

  async function readAll(reader: CorpusReader) {
    const texts: { row: number; text: string }[] = []
    let bytesRead = 0
    for await (const batch of reader.batches()) {
      texts.push(...batch.texts)
      bytesRead = batch.bytesRead
    }
    return { texts, bytesRead }
  }
  const EXPECTED = ROWS.map(({ text }, row) => ({ row, text }))

  it('is read through its Parquet files, in ranges', async () => {
    const reader = await open()
    expect(reader).toMatchObject({
      name: 'stanfordnlp/imdb (test)',
      column: 'text',
      totalRows: 230,
      notes: [],
    })
    const { texts, bytesRead } = await readAll(reader)
    expect(texts).toEqual(EXPECTED)
    expect(bytesRead).toBe(reader.totalBytes)
    expect(paths().filter((path) => path === '/rows')).toHaveLength(1)
    expect(paths().filter((path) => path.startsWith('/storage/')).length).toBeGreaterThan(5)
  })

  it.each(['some/rows-only', 'some/lzo'])(
    'is read through the rows API where that fails: %s',
    async (name) => {
      const reader = await open(name, { column: 'text' })
      expect(reader.totalRows).toBe(230)
      expect((await readAll(reader)).texts).toEqual(EXPECTED)
      const offsets = hub.requests.flatMap((request) => /offset=(\d+)/.exec(request)?.[1] ?? [])
      expect(offsets).toEqual(['0', '100', '200'])
    },
  )

  it('is read through the rows API where the storage sends whole files', async () => {
    expect(
      (await readAll(await open('stanfordnlp/imdb', { column: 'text' }, undefined, false))).texts,
    ).toEqual(EXPECTED)
    expect(paths()).toContain('/rows')
  })

  it('counts malformed rows through all files', async () => {
    const reader = await open('some/holes')
    expect((await readAll(reader)).texts.at(-1)).toEqual({ row: 288, text: HOLES[59].text })
    expect(reader.malformed()).toEqual({
      rows: [{ line: 286, reason: '“text” is empty' }],
      total: 1,
      missing: 0,
    })
  })

  it('says that only a part is offered', async () => {
    expect((await open('some/partial')).notes).toEqual([expect.stringMatching(/first part/)])
  })

  it('is asked again after as long as the server says', async () => {
    let refusals = 0
    const reader = await open('some/rows-only', { column: 'text' }, (path) => {
      if (path !== '/rows' || refusals === 3) return null
      refusals++
      const headers: Record<string, string>[] = [{ 'retry-after': '7' }, { ratelimit: '"api";r=0;t=11' }, {}]
      return { status: refusals === 3 ? 503 : 429, headers: headers[refusals - 1] }
    })
    expect((await readAll(reader)).texts).toEqual(EXPECTED)
    expect(waits).toEqual([7000, 11_000, 4000])
  })

  it('gives up after a while, or at once where the wait is long', async () => {
    const busy = await failing('some/rows-only', {}, () => ({ status: 500, body: '{"error": "Busy."}' }))
    expect(busy).toMatchObject({ kind: 'network', message: expect.stringMatching(/500.*Busy/) })
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000])
    await hub.close()
    const limited = await failing('some/rows-only', {}, () => ({
      status: 429,
      headers: { 'retry-after': '900' },
    }))
    expect(limited).toMatchObject({ kind: 'network', advice: expect.stringMatching(/minutes/) })
    expect(waits).toEqual([])
  })

  it('is asked again when the connection breaks', async () => {
    let broken = 0
    const breaking: typeof fetch = async (...given) => {
      if (broken++ < 2) throw new TypeError('fetch failed')
      return fetch(...given)
    }
    expect((await readAll(await open('stanfordnlp/imdb', { fetch: breaking }))).texts).toEqual(EXPECTED)
    await hub.close()
    const gone = await failing('stanfordnlp/imdb', { fetch: async () => Promise.reject(new TypeError('no')) })
    expect(gone).toMatchObject({ kind: 'network', message: expect.stringMatching(/did not answer/) })
  })

  it.each([
    ['some/gated', 'missing-file', /private or gated/, /download/],
    ['some/unknown', 'missing-file', /there is none/, /owner\/name/],
    ['not a name', 'invalid-request', /no name of a data set/, /owner\/name/],
    ['some/configs', 'invalid-request', /plain_text, other/, /some\/configs:plain_text/],
    ['some/configs:third', 'invalid-request', /no configuration “third”; it has plain_text, other/, null],
  ])('that cannot be given is refused with a sentence: %s', async (name, kind, message, advice) => {
    const failure = await failing(name)
    expect(failure.kind).toBe(kind)
    expect(failure.message).toMatch(message)
    if (advice) expect(failure.advice).toMatch(advice)
  })

  it.each([
    [403, 'missing-file', /private or gated/],
    [404, 'missing-file', /does not find.*renamed/],
    [501, 'missing-file', /does not offer/],
  ])('refused with %i ends in a sentence, without asking again', async (status, kind, message) => {
    const answer = { status, body: JSON.stringify({ error: 'It was renamed.' }) }
    const failure = await failing('stanfordnlp/imdb', {}, () => answer)
    expect(failure.kind).toBe(kind)
    expect(failure.message).toMatch(message)
    expect(hub.requests).toHaveLength(1)
  })

  it('finds configuration, split and column', async () => {
    expect((await readAll(await open('some/configs:other'))).texts).toHaveLength(3)
    await hub.close()
    expect(await failing('stanfordnlp/imdb', { split: 'dev' })).toMatchObject({
      kind: 'invalid-request',
      message: 'stanfordnlp/imdb has no split “dev”; it has test, train.',
    })
    await hub.close()
    expect(await failing('stanfordnlp/imdb', { column: 'review' })).toMatchObject({
      kind: 'invalid-request',
      message: 'stanfordnlp/imdb (test) has no column “review”; it has text, label.',
    })
  })

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController()
    const wait = undefined
    const failure = await failing('some/rows-only', { signal: stop.signal, wait }, () => {
      setTimeout(() => stop.abort(), 10)
      return { status: 429, headers: { 'retry-after': '100' } }
    })
    expect(failure.kind).toBe('cancelled')
  })

  it('is opened and previewed as a source', async () => {
    hub = await startStandInHub(DATASETS)
    const source = { kind: 'hub', dataset: 'stanfordnlp/imdb', split: 'train', column: null } as const
    const options = { base: 'http://localhost/', hub: { base: hub.base } }
    const preview = await previewSource({ ...source, split: 'test' }, options)
    expect(preview).toMatchObject({
      name: 'stanfordnlp/imdb (test)',
      format: 'hub',
      encoding: null,
      columns: ['text', 'label'],
      likelyColumn: 'text',
      totalRows: 230,
    })
    expect(preview.rows[1]).toEqual(['Review number 1 of them', '1'])
    expect(preview.bytes).toBeGreaterThan(1000)
    const reader = await openCorpus(source, options)
    expect((await readAll(reader)).texts).toEqual(EXPECTED)
  })
})

import { describe, expect, it } from 'vitest'
import type { CorpusSource, MalformedRow } from '../core/corpus/corpusService'
import type { Figures } from '../core/corpus/figures/figures'
import { TABLES } from '../core/corpus/records/records'
import type { RunProgress } from '../core/corpus/run'
import type { RunSettings } from '../core/corpus/runSettings'
import { failureOf } from '../core/failure'
import { type CorpusRunsOptions, createCorpusRuns } from './corpusRuns'
import { createFakeEngine, createTexts, failingAt, INFO, SETTINGS } from './fakeEngineFixture'
import { readRunFile, writeRunFile } from './files/runFile'
import { PAGE_LIMITS } from './run/measureSequence'
import type { RunLocks } from './runLocks'
import { createMemoryStore } from './store/memoryStore'

const RUN: RunSettings = { ...SETTINGS, sampleSize: 20 }

function fileOf(texts: readonly string[], name = 'reviews.csv'): CorpusSource {
  const rows = texts.map((text) => `"${text.replaceAll('"', '""')}"`)
  return { kind: 'file', file: new File([`text\n${rows.join('\n')}\n`], name), column: 'text' }
}

const SOURCE = fileOf(createTexts(60).map(({ text }) => text))

/** Locks that several tabs share. */
function sharedLocks(): RunLocks {
  const held = new Set<string>()
  return {
    acquire: async (runId) => {
      if (held.has(runId)) return null
      held.add(runId)
      return () => held.delete(runId)
    },
    isHeld: async (runId) => held.has(runId),
  }
}

function tab(options: Partial<CorpusRunsOptions> = {}) {
  const engine = createFakeEngine()
  const progresses: RunProgress[] = []
  const figures: Figures[] = []
  const malformed: { rows: readonly MalformedRow[]; total: number }[] = []
  let wake: () => void = () => undefined
  const listener = {
    progress: (progress: RunProgress) => {
      progresses.push(progress)
      wake()
    },
    figures: (value: Figures) => void figures.push(value),
    malformed: (rows: readonly MalformedRow[], total: number) => void malformed.push({ rows, total }),
  }
  const service = createCorpusRuns({
    engine,
    store: createMemoryStore(),
    locks: sharedLocks(),
    limits: PAGE_LIMITS,
    base: 'https://page.test/',
    fetch: async () => new Response('', { status: 404 }),
    ...options,
  })
  /** Waits for a progress of that kind. */
  async function until(holds: (progress: RunProgress) => boolean): Promise<RunProgress> {
    for (;;) {
      const last = progresses.at(-1)
      if (last && holds(last)) return last
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const atRest = (status: RunProgress['status']) => until((progress) => progress.status === status)
  return { engine, service, listener, progresses, figures, malformed, until, atRest }
}

async function recordsOf(service: ReturnType<typeof tab>['service']) {
  const { header, tables, counts } = await readRunFile(await service.download('parquet'))
  const columns = TABLES.map((table) =>
    Object.entries(tables[table].columns).map(([name, values]) => [name, [...values]]),
  )
  return { settings: header.settings, counts, columns }
}

describe('a run kept beside the open one', () => {
  it('answers for both, whatever is opened next, until it is given up', async () => {
    const { service, listener, atRest } = tab()
    const first = await service.start(SOURCE, RUN, listener)
    await atRest('finished')
    const kept = await service.compareWith({ kind: 'open' })
    expect(kept).toMatchObject({ header: { id: first.id }, progress: { status: 'finished' } })
    expect(kept?.tokenNames?.length).toBeGreaterThan(0)
    const before = await service.figures({ norm: 'l2' })

    const second = await service.start(SOURCE, { ...RUN, sampleSize: 9, seed: 3 }, listener)
    await atRest('finished')
    expect(second.id).not.toBe(first.id)
    expect(await service.figures({ norm: 'l2', run: 'compared' })).toEqual(before)
    expect((await service.figures({ norm: 'l2' })).frequency?.sequences).toBe(9)
    const drawn = await service.scatter({ of: 'occurrences', norm: 'l2', run: 'compared' })
    const [place] = await service.contexts([drawn.rows[0]], { run: 'compared' })
    expect(place.after).not.toBeNull()
    const [changed] = await service.contexts([0], { table: 'perturbations', run: 'compared' })
    expect(await service.text(changed.sequence, 'compared')).toContain(' ')

    expect(await service.compareWith(null)).toBeNull()
    await expect(service.figures({ norm: 'l2', run: 'compared' })).rejects.toMatchObject({
      failure: { kind: 'not-ready' },
    })
  })

  it('comes from a file as well; one that cannot be read, or a run that goes on, changes nothing', async () => {
    const whole = tab()
    await whole.service.start(SOURCE, RUN, whole.listener)
    await whole.atRest('finished')
    const expected = await whole.service.figures({ norm: 'l2' })
    for (const format of ['json', 'parquet', 'csv'] as const) {
      const file = await whole.service.download(format)
      const { service } = tab()
      const kept = await service.compareWith({ kind: 'file', file })
      expect(kept).toMatchObject({ hasTexts: false, progress: { done: 20 } })
      expect(kept?.tokenNames?.length).toBeGreaterThan(0)
      expect(await service.figures({ norm: 'l2', run: 'compared' })).toEqual(expected)
      await expect(service.compareWith({ kind: 'file', file: new Blob(['{}']) })).rejects.toMatchObject({
        failure: { kind: 'damaged-file' },
      })
      expect(await service.figures({ norm: 'l2', run: 'compared' })).toEqual(expected)
    }
    const busy = tab()
    await busy.service.start(SOURCE, RUN, busy.listener)
    await expect(busy.service.compareWith({ kind: 'open' })).rejects.toMatchObject({
      failure: { kind: 'invalid-request' },
    })
    await busy.service.cancel()
  })
})

describe('createCorpusRuns', () => {
  it('reads, samples, measures and keeps a run', async () => {
    const { service, listener, progresses, figures, atRest } = tab()
    const header = await service.start(SOURCE, RUN, listener)
    expect(header).toMatchObject({
      settings: RUN,
      origin: {
        name: 'reviews.csv',
        kind: 'file',
        column: 'text',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      corpus: { rows: 60, skipped: 0 },
      sampled: 20,
      layers: INFO.layers,
    })
    await atRest('finished')
    const reading = progresses.filter(({ status }) => status === 'reading')
    expect(reading.at(-1)?.done).toBe(60)
    expect(figures[0].frequency?.sequences).toBe(1)
    const all = await service.figures({ norm: 'l1' })
    expect(all.frequency?.sequences).toBe(20)
    expect(all.commonness?.norm).toBe('l1')
    const counts = await service.counts()
    expect(counts.counts.reduce((a, b) => a + b)).toBe(header.corpus.tokens)
    expect(await service.stored()).toMatchObject([
      { header, hasTexts: true, progress: { status: 'finished' } },
    ])
  })

  it('gives the same records when it is paused, the page reloads, and it goes on', async () => {
    const whole = tab()
    await whole.service.start(SOURCE, RUN, whole.listener)
    await whole.atRest('finished')

    const store = createMemoryStore()
    const first = tab({ store })
    const { id } = await first.service.start(SOURCE, RUN, first.listener)
    await first.until(({ done, status }) => status === 'running' && done === 11)
    await first.service.pause()
    expect(first.progresses.at(-1)).toMatchObject({ status: 'paused' })

    const later = tab({ store })
    const opened = await later.service.open(id, later.listener)
    expect(opened).toMatchObject({ hasTexts: true, progress: { status: 'paused', done: 8 } })
    expect((await later.service.figures({ norm: 'l2' })).frequency?.sequences).toBe(8)
    await later.service.resume()
    await later.atRest('finished')
    expect(await recordsOf(later.service)).toEqual(await recordsOf(whole.service))
  })

  it('shows a run that a closed page left running as paused', async () => {
    const store = createMemoryStore()
    const first = tab({ store, locks: sharedLocks() })
    first.engine.onCall = async (_, count) => (count > 60 ? new Promise<void>(() => undefined) : undefined)
    const { id } = await first.service.start(SOURCE, RUN, first.listener)
    await first.until(({ done }) => done > 0)
    const later = tab({ store, locks: sharedLocks() })
    expect(await later.service.stored()).toMatchObject([{ progress: { status: 'paused' } }])
    expect(await later.service.open(id, later.listener)).toMatchObject({
      progress: { status: 'paused', failure: null },
    })
  })

  it('says that another tab measures the run, and goes on where that one left it', async () => {
    const store = createMemoryStore()
    const locks = sharedLocks()
    const [one, other] = [tab({ store, locks }), tab({ store, locks })]
    let go: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    one.engine.onCall = async () => ((one.progresses.at(-1)?.done ?? 0) === 9 ? gate : undefined)
    const { id } = await one.service.start(SOURCE, RUN, one.listener)
    await one.until(({ done, status }) => status === 'running' && done === 9)
    const seen = await other.service.open(id, other.listener)
    expect(seen.progress).toMatchObject({
      status: 'paused',
      failure: { message: expect.stringContaining('another tab') },
    })
    for (const refused of [other.service.resume(), other.service.cancel(), other.service.remove(id)]) {
      expect(await refused.catch(failureOf)).toMatchObject({ kind: 'not-ready' })
    }
    const paused = one.service.pause()
    go()
    await paused
    expect(one.progresses.at(-1)).toMatchObject({ status: 'paused', done: 10 })
    await other.service.resume()
    await other.atRest('finished')
    expect((await other.service.figures({ norm: 'l2' })).frequency?.sequences).toBe(20)
    await other.service.pause()
    // The first tab finds it finished.
    await one.service.resume()
    await one.atRest('finished')
    expect(await recordsOf(one.service)).toEqual(await recordsOf(other.service))
  })

  it('cancels while it reads, and keeps nothing of that', async () => {
    const { service, engine, listener } = tab()
    engine.onCall = async () => void service.cancel()
    expect(await service.start(SOURCE, RUN, listener).catch(failureOf)).toMatchObject({ kind: 'cancelled' })
    expect(await service.stored()).toEqual([])
    expect(await service.counts().catch(failureOf)).toMatchObject({ kind: 'not-ready' })
  })

  it('starts paused where a pause was asked for while it read', async () => {
    const { service, engine, listener, atRest } = tab()
    engine.onCall = async ({ method }, count) => {
      if (method === 'encodeTexts' && count === 1) void service.pause()
    }
    await service.start(SOURCE, RUN, listener)
    expect(await atRest('paused')).toMatchObject({ done: 0, total: 20 })
    await service.resume()
    await atRest('finished')
  })

  it('keeps a partial run that was cancelled, and all of it is shown', async () => {
    const { service, listener, until } = tab()
    await service.start(SOURCE, RUN, listener)
    await until(({ done, status }) => status === 'running' && done === 3)
    await service.cancel()
    const { done } = await until(({ status }) => status === 'cancelled')
    expect((await service.figures({ norm: 'l2' })).frequency?.sequences).toBe(done)
    expect(await service.stored()).toMatchObject([{ progress: { status: 'cancelled', done } }])
  })

  it('pauses a run when another is opened', async () => {
    const { service, listener, until } = tab()
    const first = await service.start(SOURCE, RUN, listener)
    await until(({ done, status }) => status === 'running' && done === 2)
    const other = tab()
    const second = await service.start(SOURCE, { ...RUN, seed: 8 }, other.listener)
    await other.atRest('finished')
    const kept = await service.stored()
    expect(kept.find(({ header }) => header.id === first.id)?.progress.status).toBe('paused')
    expect(kept.find(({ header }) => header.id === second.id)?.progress.status).toBe('finished')
  })

  it('goes on after an engine that failed', async () => {
    const { service, engine, listener, atRest } = tab()
    engine.onCall = failingAt(70)
    await service.start(SOURCE, RUN, listener)
    expect(await atRest('failed')).toMatchObject({ failure: { kind: 'worker-lost' } })
    engine.onCall = async () => {}
    await service.resume()
    await atRest('finished')
  })

  it('refuses to go on with another model', async () => {
    const { service, engine, listener, atRest } = tab()
    engine.onCall = failingAt(70)
    await service.start(SOURCE, RUN, listener)
    await atRest('failed')
    engine.info = async () => ({ ...INFO, provenance: { ...INFO.provenance, sha256: 'c'.repeat(64) } })
    expect(await service.resume().catch(failureOf)).toMatchObject({ kind: 'invalid-request' })
    engine.info = async () => INFO
    engine.onCall = async () => {}
    await service.resume()
    await atRest('finished')
  })

  it('puts tokens back into their texts', async () => {
    const { service, listener, atRest } = tab()
    const text = 'Once there was a film, directed by nobody, that everyone who saw it talked about for a year'
    await service.start(fileOf([text]), RUN, listener)
    await atRest('finished')
    const { rows, tokenIds } = await service.scatter({ of: 'occurrences', norm: 'l2' })
    expect(tokenIds.length).toBe(rows.length)
    const contexts = await service.contexts([...rows])
    expect(contexts.map(({ sequence }) => sequence)).toEqual([...rows].map(() => 0))
    expect(contexts[0].before).toBe('')
    expect(await service.text(0)).toBe(text)
    expect(await service.contexts([rows.length]).catch(failureOf)).toMatchObject({ kind: 'invalid-request' })
  })

  it('reports malformed rows and counts them as skipped', async () => {
    const { service, listener, malformed, atRest } = tab()
    const file = new File(['text,label\ngood words,1\n,2\nmore words,1,extra,cells\nlast words,0\n'], 'x.csv')
    const header = await service.start({ kind: 'file', file, column: 'text' }, RUN, listener)
    await atRest('finished')
    expect(malformed.at(-1)?.total).toBe(60 - 58)
    expect(header.corpus).toMatchObject({ rows: 2, skipped: 2 })
  })

  it.each([
    ['only empty rows', fileOf(['', ' '])],
    ['only a header', new File(['text\n'], 'none.csv')],
  ])('says what to do with %s', async (_, source) => {
    const { service, listener } = tab()
    const asked = source instanceof File ? { kind: 'file' as const, file: source, column: 'text' } : source
    const failure = await service.start(asked, RUN, listener).catch(failureOf)
    expect(failure).toMatchObject({ kind: 'invalid-request', advice: expect.any(String) })
    expect(await service.stored()).toEqual([])
  })

  it('refuses settings out of their bounds', async () => {
    const { service, listener } = tab()
    const refused = service.start(SOURCE, { ...RUN, sampleSize: 0 }, listener).catch(failureOf)
    expect(await refused).toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('sampleSize'),
    })
  })

  it('opens a run from its own file, without its texts', async () => {
    const first = tab()
    await first.service.start(SOURCE, RUN, first.listener)
    await first.atRest('finished')
    for (const format of ['parquet', 'json'] as const) {
      const { service, listener } = tab()
      const run = await service.openFile(await first.service.download(format), listener)
      expect(run).toMatchObject({ hasTexts: false, progress: { status: 'finished', done: 20 } })
      expect(await service.figures({ norm: 'l2' })).toEqual(await first.service.figures({ norm: 'l2' }))
      expect(await service.text(0)).toBe(null)
      expect(await service.contexts([0])).toMatchObject([{ before: null, after: null }])
      expect(await service.stored()).toEqual([])
      await service.resume()
    }
  })

  it('opens the run that comes with the page, or says that there is none', async () => {
    const first = tab()
    await first.service.start(SOURCE, RUN, first.listener)
    await first.atRest('finished')
    const { header, counts, tables, status } = await readRunFile(await first.service.download('parquet'))
    const bytes = await writeRunFile({ header, counts, tables, status })
    const asked: string[] = []
    const shipped = tab({
      fetch: async (url) => {
        asked.push(String(url))
        return new Response(Uint8Array.from(bytes))
      },
    })
    const run = await shipped.service.openShipped('replication', shipped.listener)
    expect(asked).toEqual(['https://page.test/corpora/replication.zip'])
    expect(run.header).toMatchObject({ origin: { kind: 'shipped' }, provenance: { shipped: true } })

    const page = async () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    const missing = async () => new Response('', { status: 404 })
    const offline = () => Promise.reject(new TypeError('offline'))
    for (const [fetch, kind] of [
      [page, 'missing-file'],
      [missing, 'missing-file'],
      [offline, 'network'],
    ] as const) {
      const { service, listener } = tab({ fetch })
      expect(await service.openShipped('replication', listener).catch(failureOf)).toMatchObject({ kind })
    }
  })

  it('says that a run is no longer kept', async () => {
    const { service, listener, atRest } = tab()
    const { id } = await service.start(SOURCE, RUN, listener)
    await atRest('finished')
    await service.remove(id)
    expect(await service.open(id, listener).catch(failureOf)).toMatchObject({ kind: 'storage' })
    expect(await service.figures({ norm: 'l2' }).catch(failureOf)).toMatchObject({ kind: 'not-ready' })
  })

  it('keeps the open run where a file is damaged', async () => {
    const { service, listener, atRest } = tab()
    const { id } = await service.start(SOURCE, RUN, listener)
    await atRest('finished')
    expect(await service.openFile(new Blob(['{']), listener).catch(failureOf)).toMatchObject({
      kind: 'damaged-file',
    })
    expect(JSON.parse(await (await service.download('json')).text()).header.id).toBe(id)
  })

  it('drops the answer of a run when another was opened meanwhile', async () => {
    const first = tab()
    await first.service.start(SOURCE, RUN, first.listener)
    await first.atRest('finished')
    const file = await first.service.download('parquet')
    let answer: (response: Response) => void = () => undefined
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve
      })
    const { service, listener } = tab({ fetch })
    const late = service.openShipped('replication', listener).catch(failureOf)
    const run = await service.openFile(file, listener)
    answer(new Response(file))
    expect(await late).toMatchObject({ kind: 'cancelled' })
    expect(run.header.origin.kind).toBe('file')
  })
})

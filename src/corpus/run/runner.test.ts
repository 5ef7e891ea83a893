import { describe, expect, it } from 'vitest'
import { learnedFigure } from '../../core/corpus/figures/learnedFigure'
import { learnedSequences } from '../../core/corpus/learnedSequences'
import { NONE, type RecordTables, TABLES } from '../../core/corpus/records/records'
import { noProgress, type RunHeader, type RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import { FailureError, failureOf } from '../../core/failure'
import {
  createFakeEngine,
  createTexts,
  type FakeEngine,
  failingAt,
  INFO,
  LAYERS,
  SETTINGS,
} from '../fakeEngineFixture'
import { createMemoryStore } from '../store/memoryStore'
import type { RunStore } from '../store/runStore'
import { PAGE_LIMITS } from './measureSequence'
import { createRunner, type Runner } from './runner'
import type { CorpusText } from './textBatches'

const RUNNING = noProgress('running')

function headerOf(sampled: number, settings: Partial<RunSettings> = {}): RunHeader {
  return {
    id: 'run',
    version: 1,
    settings: { ...SETTINGS, ...settings },
    origin: { name: 'test', kind: 'bundled', column: null, sha256: null },
    provenance: INFO.provenance,
    layers: LAYERS,
    labels: INFO.labels,
    startedAt: '2026-01-01T00:00:00.000Z',
    corpus: { rows: sampled, skipped: 0, tokens: 0 },
    sampled,
  }
}

async function storeOf(texts: readonly CorpusText[], settings: Partial<RunSettings> = {}): Promise<RunStore> {
  const store = createMemoryStore()
  const counts = { tokenIds: new Uint32Array(), counts: new Uint32Array() }
  await store.create({ header: headerOf(texts.length, settings), counts, texts, progress: RUNNING })
  return store
}

/** Returns a runner over what the store holds now, as a page that was just loaded makes it. */
async function reopened(
  store: RunStore,
  engine: FakeEngine = createFakeEngine(),
): Promise<{ runner: Runner; seen: RunProgress[] }> {
  const kept = await store.load('run')
  if (!kept) throw new Error('no run')
  const seen: RunProgress[] = []
  const runner = createRunner({
    engine,
    store,
    header: kept.header,
    limits: PAGE_LIMITS,
    batches: kept.batches,
    progress: kept.progress,
    onProgress: (progress) => seen.push(progress),
    now: () => 0,
  })
  return { runner, seen }
}

async function finished({ runner }: { runner: Runner }): Promise<RecordTables> {
  await runner.start()
  await runner.settled()
  expect(runner.progress.failure).toBe(null)
  expect(runner.progress.status).toBe('finished')
  return runner.records.tables()
}

/** Returns the bytes of every column, as hex. */
function bytesOf(tables: RecordTables): Record<string, string> {
  return Object.fromEntries(
    TABLES.flatMap((table) =>
      Object.entries(tables[table].columns).map(([name, values]) => [
        `${table}.${name}`,
        Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
      ]),
    ),
  )
}

const TEXTS = createTexts(29)
const uninterrupted = async () => bytesOf(await finished(await reopened(await storeOf(TEXTS))))

const tick = () => new Promise<void>((resolve) => setTimeout(resolve))

describe('a run that learns maps', () => {
  const LEARNING = { learnedTexts: 9 }
  const learnedStore = () => storeOf(TEXTS, LEARNING)
  const whole = async () => bytesOf(await finished(await reopened(await learnedStore())))

  it('reads the texts that it did not learn from, and changes nothing else', async () => {
    const { runner, seen } = await reopened(await learnedStore())
    const tables = await finished({ runner })
    expect(seen.flatMap(({ learning }) => learning ?? []).at(-1)).toEqual({ done: 11, total: 12 })
    const { sequence, learned_rank_1, similarity_1 } = tables.readings.columns
    const isLearned = new Set(learnedSequences(headerOf(TEXTS.length, LEARNING)))
    expect(isLearned.size).toBe(9)
    for (let row = 0; row < sequence.length; row++) {
      expect(learned_rank_1[row] === NONE).toBe(isLearned.has(sequence[row]))
      expect(Number.isNaN(similarity_1[row])).toBe(isLearned.has(sequence[row]))
    }
    const found = bytesOf(tables)
    for (const [name, bytes] of Object.entries(await uninterrupted())) expect(found[name]).toBe(bytes)
    expect(learnedFigure(tables)?.texts).toBe(new Set(sequence).size - 9)
    expect(learnedFigure(await finished(await reopened(await storeOf(TEXTS))))).toBeNull()
  })

  it('gives the same numbers when it is paused while it learns, and after a reload', async () => {
    const expected = await whole()
    const store = await learnedStore()
    const engine = createFakeEngine()
    const { runner } = await reopened(store, engine)
    engine.onCall = async ({ method }) => {
      if (method === 'learnFrom' && engine.calls.filter((call) => call.method === 'learnFrom').length === 4) {
        void runner.pause()
      }
    }
    await runner.start()
    await runner.settled()
    expect(runner.progress).toMatchObject({ status: 'paused', done: 0 })
    expect(bytesOf(await finished({ runner }))).toEqual(expected)
    expect(engine.calls.filter(({ method }) => method === 'learnFrom')).toHaveLength(9)

    const other = await learnedStore()
    const before = await reopened(other)
    await before.runner.start()
    await tick()
    await before.runner.pause()
    expect(bytesOf(await finished(await reopened(other)))).toEqual(expected)
  })

  it('learns again where the model was opened again', async () => {
    const expected = await whole()
    const store = await learnedStore()
    const first = createFakeEngine()
    first.onCall = async ({ method }) => {
      if (method !== 'learnedRanks') return
      throw new FailureError({ kind: 'not-ready', message: 'The model was opened again.' })
    }
    const { runner } = await reopened(store, first)
    await runner.start()
    await runner.settled()
    expect(runner.progress.status).toBe('failed')
    expect(bytesOf(await finished(await reopened(store)))).toEqual(expected)
  })
})

describe('createRunner', () => {
  it('measures every text once, in the order of the sample', async () => {
    const store = await storeOf(TEXTS)
    const { runner, seen } = await reopened(store)
    const tables = await finished({ runner })
    expect(Array.from(tables.sequences.columns.sequence)).toEqual(TEXTS.map((_, i) => i))
    expect(Array.from(tables.sequences.columns.row)).toEqual(TEXTS.map(({ row }) => row))
    const order = Array.from(tables.occurrences.columns.sequence)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b))
    expect(seen.at(-1)).toMatchObject({
      status: 'finished',
      done: 29,
      total: 29,
      tokens: Array.from(tables.sequences.columns.tokens).reduce((a, b) => a + b),
      substitutions: tables.perturbations.rows + 3 * tables.pairs.rows,
    })
    expect((await store.load('run'))?.progress).toEqual(seen.at(-1))
  })

  it('measures the shortest of a batch first, once there is something to show', async () => {
    const engine = createFakeEngine()
    const lengths: number[] = []
    const { measureVariants } = engine
    let last: readonly number[] | null = null
    engine.measureVariants = (ids, variants, options) => {
      if (ids !== last) lengths.push(ids.length)
      last = ids
      return measureVariants(ids, variants, options)
    }
    const texts = createTexts(90)
    const tables = await finished(await reopened(await storeOf(texts), engine))
    const { tokens } = tables.sequences.columns
    expect(lengths.slice(0, 64)).toEqual(Array.from(tokens.subarray(0, 64)))
    for (let from = 64; from < 90; from += 8) {
      expect(lengths.slice(from, from + 8)).toEqual(Array.from(tokens.slice(from, from + 8).sort()))
    }
  })

  it('shows the first sequences one by one, and never moves a row', async () => {
    const texts = createTexts(90)
    const store = await storeOf(texts)
    const kept = await store.load('run')
    if (!kept) throw new Error('no run')
    const shown: number[] = []
    let former: number[] = []
    const runner = createRunner({
      engine: createFakeEngine(),
      store,
      header: kept.header,
      limits: PAGE_LIMITS,
      batches: [],
      progress: kept.progress,
      onProgress: () => undefined,
      onRecords: () => {
        const { sequence, position } = runner.records.tables().occurrences.columns
        const rows = Array.from(sequence, (value, row) => 1000 * value + position[row])
        expect(rows.slice(0, former.length)).toEqual(former)
        former = rows
        shown.push(runner.records.tables().sequences.rows)
      },
    })
    await finished({ runner })
    expect([...new Set(shown)]).toEqual([...Array.from({ length: 64 }, (_, i) => i + 1), 72, 80, 88, 90])
  })

  it('does not depend on how the numbers of other sequences were drawn', async () => {
    const alone = await finished(await reopened(await storeOf(TEXTS, { pairs: 0, readings: 0 })))
    const more = await finished(await reopened(await storeOf(TEXTS)))
    const places = ({ perturbations }: RecordTables) =>
      ['sequence', 'position', 'perturbation', 'substitute_id'].map((name) =>
        Array.from(perturbations.columns[name]),
      )
    expect(places(alone)).toEqual(places(more))
  })

  it('gives the same bits when it is broken off at any call and goes on from the store', async () => {
    const whole = await uninterrupted()
    const total = await (async () => {
      const engine = createFakeEngine()
      await finished(await reopened(await storeOf(TEXTS), engine))
      return engine.calls.length
    })()
    for (let count = 1; count <= total; count += 5) {
      const store = await storeOf(TEXTS)
      const engine = createFakeEngine()
      engine.onCall = failingAt(count)
      const { runner } = await reopened(store, engine)
      await runner.start()
      await runner.settled()
      expect(runner.progress).toMatchObject({ status: 'failed', failure: { kind: 'worker-lost' } })
      const stored = (await store.load('run'))?.batches ?? []
      const storedSequences = stored.reduce((sum, { tables }) => sum + tables.sequences.rows, 0)
      expect(runner.progress.done - storedSequences).toBeLessThan(9)
      expect(bytesOf(await finished(await reopened(store)))).toEqual(whole)
    }
  })

  it('gives the same bits when it is stopped at every batch and goes on from the store', async () => {
    const whole = await uninterrupted()
    const store = await storeOf(TEXTS)
    for (let batches = 1; batches <= 3; batches++) {
      const engine = createFakeEngine()
      const { runner } = await reopened(store, engine)
      engine.onCall = async ({ method }) => {
        if (method === 'encodeTexts' && (await store.load('run'))?.batches.length === batches) {
          await Promise.reject(new Error('closed'))
        }
      }
      await runner.start()
      await runner.settled()
      expect((await store.load('run'))?.batches).toHaveLength(batches)
    }
    expect(bytesOf(await finished(await reopened(store)))).toEqual(whole)
  })

  it('pauses after the sequence under way and goes on with the same bits', async () => {
    const whole = await uninterrupted()
    const engine = createFakeEngine()
    const store = await storeOf(TEXTS)
    const { runner } = await reopened(store, engine)
    for (const pauseAt of [3, 20, 21, 40]) {
      const calls = engine.calls.length
      engine.onCall = async (_, count) => {
        if (count === calls + pauseAt) void runner.pause()
      }
      await runner.start()
      await runner.settled()
      expect(runner.progress.status).toBe('paused')
      expect((await store.load('run'))?.progress.status).toBe('paused')
      const kept = await store.load('run')
      expect(kept?.progress.done).toBe(8 * (kept?.batches.length ?? 0))
      const resting = engine.calls.length
      await tick()
      expect(engine.calls.length).toBe(resting)
    }
    engine.onCall = async () => {}
    // The measured part of the current batch is not measured again.
    const before = engine.calls.length
    expect(bytesOf(await finished({ runner }))).toEqual(whole)
    const fresh = createFakeEngine()
    await finished(await reopened(await storeOf(TEXTS), fresh))
    expect(engine.calls.length).toBe(fresh.calls.length)
    expect(before).toBeLessThan(fresh.calls.length)
  })

  it('keeps what was measured when it is cancelled, and can still go on', async () => {
    const whole = await uninterrupted()
    const left: number[] = []
    for (const cancelAt of [1, 2, 9, 60, 100, 121, 122, 123, 124, 125]) {
      const engine = createFakeEngine()
      const store = await storeOf(TEXTS)
      const { runner } = await reopened(store, engine)
      engine.onCall = async (_, count) => {
        if (count === cancelAt) void runner.cancel()
      }
      await runner.start()
      await runner.settled()
      expect(engine.calls.length).toBe(cancelAt)
      expect(runner.progress).toMatchObject({ status: 'cancelled', failure: null })
      const { done } = runner.progress
      left.push(done % 8)

      const { runner: later } = await reopened(store)
      expect(later.progress).toEqual(runner.progress)
      expect(later.records.tables({ all: true }).sequences.rows).toBe(done)
      expect(bytesOf(await finished({ runner: later }))).toEqual(whole)
    }
    expect(Math.max(...left)).toBeGreaterThan(0)
  })

  it('is cancelled while it rests', async () => {
    const engine = createFakeEngine()
    const store = await storeOf(TEXTS)
    const { runner } = await reopened(store, engine)
    engine.onCall = async (_, count) => {
      if (count === 20) void runner.pause()
    }
    await runner.start()
    await runner.settled()
    const { done } = runner.progress
    await runner.cancel()
    expect(runner.progress).toMatchObject({ status: 'cancelled', done })
    expect((await store.load('run'))?.batches[0].tables.sequences.rows).toBe(done)
  })

  it('goes on in the same page after a failure, with the same bits', async () => {
    const whole = await uninterrupted()
    const engine = createFakeEngine()
    engine.onCall = failingAt(100)
    const { runner } = await reopened(await storeOf(TEXTS), engine)
    await runner.start()
    await runner.settled()
    expect(runner.progress.failure).toMatchObject({
      kind: 'worker-lost',
      kept: expect.stringMatching(/of 29 texts are measured/),
      advice: 'Resume to go on from there.',
    })
    engine.onCall = async () => {}
    expect(bytesOf(await finished({ runner }))).toEqual(whole)
  })

  it('refuses another model, before and in the middle of a run', async () => {
    const other = { ...INFO, id: 'other', provenance: { ...INFO.provenance, sha256: 'b'.repeat(64) } }
    const engine = createFakeEngine()
    engine.info = async () => other
    const store = await storeOf(TEXTS)
    const { runner } = await reopened(store, engine)
    expect(failureOf(await runner.start().catch((thrown: unknown) => thrown))).toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('other'),
    })
    expect(engine.calls).toEqual([])

    engine.info = async () => (engine.calls.length > 60 ? other : INFO)
    await runner.start()
    await runner.settled()
    expect(runner.progress).toMatchObject({ status: 'failed', failure: { kind: 'invalid-request' } })
    const batches = (await store.load('run'))?.batches ?? []
    expect(runner.progress.done).toBe(8 * batches.length)
    engine.info = async () => INFO
    expect(bytesOf(await finished({ runner }))).toEqual(await uninterrupted())
  })

  it('says what to do where a batch cannot be stored, and stores it when it goes on', async () => {
    const kept = await storeOf(TEXTS)
    let refuses = true
    const store: RunStore = {
      ...kept,
      append: async (...args) => {
        if (refuses) throw new Error('no space')
        return kept.append(...args)
      },
    }
    const { runner } = await reopened(store)
    await runner.start()
    await runner.settled()
    expect(runner.progress).toMatchObject({ status: 'failed', done: 8, failure: { message: 'no space' } })
    refuses = false
    expect(bytesOf(await finished({ runner }))).toEqual(await uninterrupted())
  })

  it('fails with a sentence where the texts are gone', async () => {
    const kept = await storeOf(TEXTS)
    const { runner } = await reopened({ ...kept, text: async () => null })
    await runner.start()
    await runner.settled()
    expect(runner.progress).toMatchObject({ status: 'failed', failure: { kind: 'storage' } })
  })

  it.each([
    ['no text', []],
    ['one text', ['only one text']],
    ['unknown tokens only', ['😀 😀', '🎉']],
    ['a text that becomes no token', ['one', '   ']],
    ['identical texts', new Array<string>(40).fill('the same words again')],
  ])('finishes with %s', async (_, texts) => {
    const tables = await finished(await reopened(await storeOf(texts.map((text, row) => ({ row, text })))))
    expect(tables.sequences.rows).toBe(texts.length)
    if (texts.length === 40) expect(new Set(tables.sequences.columns.probability).size).toBe(1)
  })

  it('says that it leaves out a mask that the tokenizer does not have', async () => {
    const engine = createFakeEngine({ maskId: async () => null })
    const { runner, seen } = await reopened(await storeOf(TEXTS.slice(0, 3)), engine)
    await runner.start()
    await runner.settled()
    expect(runner.progress.status).toBe('finished')
    expect(seen.at(-1)?.failure).toMatchObject({ message: expect.stringContaining('no mask token') })
  })

  it('measures from a batch on what a whole run measures there', async () => {
    const texts = createTexts(29)
    const whole = await finished(await reopened(await storeOf(texts)))
    const store = await storeOf(texts)
    const kept = await store.load('run')
    if (!kept) throw new Error('no run')
    const indices: number[] = []
    const seen: RunProgress[] = []
    const runner = createRunner({
      engine: createFakeEngine(),
      store: { ...store, append: async (_, { index }) => void indices.push(index) },
      header: kept.header,
      limits: PAGE_LIMITS,
      batches: [],
      firstBatch: 2,
      progress: kept.progress,
      onProgress: (progress) => seen.push(progress),
    })
    const part = await finished({ runner })
    expect(indices).toEqual([2, 3])
    expect(seen.at(-1)).toMatchObject({ status: 'finished', done: 13, total: 13 })
    expect(Array.from(part.sequences.columns.sequence)).toEqual(Array.from({ length: 13 }, (_, i) => 16 + i))
    const from = whole.perturbations.columns.sequence.indexOf(16)
    for (const [name, values] of Object.entries(part.perturbations.columns)) {
      expect(values).toEqual(whole.perturbations.columns[name].slice(from))
    }
  })

  it('reckons the time left from the tokens left', async () => {
    let time = 0
    const engine = createFakeEngine()
    const { measureVariants } = engine
    let last: readonly number[] | null = null
    engine.measureVariants = (ids, variants, options) => {
      // One second a token, all of it with the first call.
      if (ids !== last) time += 1000 * ids.length
      last = ids
      return measureVariants(ids, variants, options)
    }
    const store = await storeOf(TEXTS.map(({ row }) => ({ row, text: 'a b c d e f g h' })))
    const kept = await store.load('run')
    if (!kept) throw new Error('no run')
    const seen: RunProgress[] = []
    const runner = createRunner({
      engine,
      store,
      header: kept.header,
      limits: PAGE_LIMITS,
      batches: [],
      progress: kept.progress,
      onProgress: (progress) => seen.push(progress),
      now: () => time,
    })
    await finished({ runner })
    expect(seen[0].secondsLeft).toBe(null)
    for (const { done, secondsLeft, status } of seen.slice(1)) {
      if (status === 'running') expect(secondsLeft).toBeCloseTo(10 * (29 - done), 6)
    }
    expect(seen.at(-1)?.secondsLeft).toBe(null)
  })
})

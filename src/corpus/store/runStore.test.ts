import { describe, expect, it } from 'vitest'
import { emptyTables } from '../../core/corpus/records/recordBuilder'
import type { RunHeader, RunProgress } from '../../core/corpus/run'
import { type Failure, FailureError, failureOf } from '../../core/failure'
import { INFO, LAYERS, SETTINGS } from '../fakeEngineFixture'
import { createFallbackStore } from './fallbackStore'
import { createMemoryStore } from './memoryStore'
import type { RunStore, StoredBatch } from './runStore'

const headerOf = (id: string, startedAt = '2026-01-01T00:00:00.000Z'): RunHeader => ({
  id,
  version: 1,
  settings: SETTINGS,
  origin: { name: 'test', kind: 'bundled', column: null, sha256: null },
  provenance: INFO.provenance,
  layers: LAYERS,
  labels: INFO.labels,
  startedAt,
  corpus: { rows: 2, skipped: 0, tokens: 2 },
  sampled: 2,
})

const progressOf = (done: number): RunProgress => ({
  status: 'running',
  done,
  total: 2,
  secondsLeft: null,
  tokens: 0,
  substitutions: 0,
  failure: null,
})

const COUNTS = { tokenIds: Uint32Array.of(5, 9), counts: Uint32Array.of(1, 2) }
const TEXTS = [
  { row: 4, text: 'four' },
  { row: 1, text: 'one' },
]
const batchOf = (index: number, complete = true): StoredBatch => ({
  index,
  complete,
  tables: emptyTables(LAYERS),
})

const REFUSAL: Failure = { kind: 'storage', message: 'The space this browser grants the page is full.' }

/** Returns a store that refuses some methods while `refuses` says so. */
function refusing(store: RunStore, methods: readonly (keyof RunStore)[]) {
  const state = { refuses: true }
  const refusal = () => Promise.reject(new FailureError(REFUSAL))
  const wrapped = { ...store }
  for (const method of methods) {
    const call = store[method] as (...args: unknown[]) => Promise<never>
    Object.assign(wrapped, {
      [method]: (...args: unknown[]) => (state.refuses ? refusal() : call(...args)),
    })
  }
  return { store: wrapped, state }
}

const ALL: readonly (keyof RunStore)[] = ['create', 'append', 'setProgress', 'load', 'list', 'text', 'remove']

const stores: readonly (readonly [string, () => RunStore])[] = [
  ['memory', createMemoryStore],
  [
    'memory behind a store that works',
    () => createFallbackStore(createMemoryStore(), createMemoryStore(), { onFallback: () => undefined }),
  ],
  [
    'memory behind a store that is denied',
    () =>
      createFallbackStore(refusing(createMemoryStore(), ALL).store, createMemoryStore(), {
        onFallback: () => undefined,
      }),
  ],
]

describe.each(stores)('the store: %s', (_, createStore) => {
  it('gives back what it was given', async () => {
    const store = createStore()
    await store.create({ header: headerOf('a'), counts: COUNTS, texts: TEXTS, progress: progressOf(0) })
    expect(await store.load('a')).toEqual({
      header: headerOf('a'),
      counts: COUNTS,
      progress: progressOf(0),
      batches: [],
    })
    expect(await store.text('a', 1)).toEqual(TEXTS[1])
    expect(await store.text('a', 2)).toBe(null)
    expect(await store.text('b', 0)).toBe(null)
    expect(await store.load('b')).toBe(null)
  })

  it('keeps batches by index, and replaces one that is written again', async () => {
    const store = createStore()
    await store.create({ header: headerOf('a'), counts: COUNTS, texts: TEXTS, progress: progressOf(0) })
    await store.append('a', batchOf(1, false), progressOf(2))
    await store.append('a', batchOf(0), progressOf(1))
    await store.append('a', batchOf(1), progressOf(2))
    const kept = await store.load('a')
    expect(kept?.batches.map(({ index, complete }) => [index, complete])).toEqual([
      [0, true],
      [1, true],
    ])
    expect(kept?.progress).toEqual(progressOf(2))
    await store.setProgress('a', progressOf(7))
    expect((await store.load('a'))?.progress).toEqual(progressOf(7))
  })

  it('lists the newest first and forgets what is removed', async () => {
    const store = createStore()
    await store.create({
      header: headerOf('old', '2025-01-01T00:00:00.000Z'),
      counts: COUNTS,
      texts: TEXTS,
      progress: progressOf(0),
    })
    await store.create({ header: headerOf('new'), counts: COUNTS, texts: TEXTS, progress: progressOf(1) })
    expect((await store.list()).map(({ header }) => header.id)).toEqual(['new', 'old'])
    await store.remove('new')
    await store.remove('never')
    expect(await store.list()).toEqual([
      { header: headerOf('old', '2025-01-01T00:00:00.000Z'), progress: progressOf(0) },
    ])
    expect(await store.load('new')).toBe(null)
    expect(await store.text('new', 0)).toBe(null)
  })

  it('refuses to go on with a run that was removed', async () => {
    const store = createStore()
    const refused = store.append('a', batchOf(0), progressOf(1)).catch(failureOf)
    expect(await refused).toMatchObject({ kind: 'storage' })
    expect(await store.setProgress('a', progressOf(1)).catch(failureOf)).toMatchObject({ kind: 'storage' })
  })
})

describe('createFallbackStore', () => {
  it('moves a run to memory when its storage is full, with what was stored, and says so once', async () => {
    const told: Failure[] = []
    const first = createMemoryStore()
    const full = refusing(first, ['append', 'setProgress', 'create'])
    full.state.refuses = false
    const store = createFallbackStore(full.store, createMemoryStore(), {
      onFallback: (failure) => told.push(failure),
    })
    await store.create({ header: headerOf('a'), counts: COUNTS, texts: TEXTS, progress: progressOf(0) })
    await store.append('a', batchOf(0), progressOf(1))
    full.state.refuses = true
    await store.append('a', batchOf(1), progressOf(2))
    await store.append('a', batchOf(2), progressOf(3))
    await store.create({ header: headerOf('b'), counts: COUNTS, texts: TEXTS, progress: progressOf(0) })
    expect(told).toMatchObject([{ ...REFUSAL, kept: 'The run goes on in memory.' }])

    const kept = await store.load('a')
    expect(kept?.batches.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(kept?.progress).toEqual(progressOf(3))
    expect(await store.text('a', 1)).toEqual(TEXTS[1])
    expect((await store.list()).map(({ header, progress }) => [header.id, progress.done])).toEqual([
      ['b', 0],
      ['a', 3],
    ])
    // A reload finds what was stored before.
    expect((await first.load('a'))?.batches).toHaveLength(1)
  })
})

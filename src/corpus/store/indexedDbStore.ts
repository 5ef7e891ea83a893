import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { RunHeader, RunSummary, TokenCounts } from '../../core/corpus/run'
import { type Failure, FailureError, fail } from '../../core/failure'
import type { CorpusText } from '../run/textBatches'
import { newestFirst, type RunStore, type StoredBatch } from './runStore'

const DATABASE = 'ripplescope-corpus'
const VERSION = 1

interface StoredHeader {
  readonly header: RunHeader
  readonly counts: TokenCounts
}

/** Stores progress apart from the counts, which may be large: it is written with every batch. */
interface CorpusDatabase extends DBSchema {
  runs: { key: string; value: StoredHeader }
  progress: { key: string; value: RunSummary }
  batches: { key: [runId: string, index: number]; value: StoredBatch }
  texts: { key: [runId: string, sequence: number]; value: CorpusText }
}

const ofRun = (runId: string) => IDBKeyRange.bound([runId], [runId, []])

function openDatabase(): Promise<IDBPDatabase<CorpusDatabase>> {
  return openDB<CorpusDatabase>(DATABASE, VERSION, {
    upgrade(database) {
      for (const store of ['runs', 'progress', 'batches', 'texts'] as const) database.createObjectStore(store)
    },
    // Another tab brings a newer page and with it a newer database: it goes first.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
}

/**
 * Says whether the browser, or a newer page in another tab, closed the connection: nothing was written, and it opens
 * again.
 */
const isClosed = (thrown: unknown) => thrown instanceof DOMException && thrown.name === 'InvalidStateError'

/** Message and advice by the name of the browser's exception. */
const REFUSALS: Readonly<Record<string, Pick<Failure, 'message' | 'advice'>>> = {
  QuotaExceededError: {
    message: 'The space this browser grants the page is full.',
    advice: 'Remove runs that are no longer needed.',
  },
  VersionError: {
    message: 'The runs kept here were written by a newer version of Ripplescope, and are left as they are.',
    advice: 'Reload the page to get the newest version.',
  },
}

function storageFailure(thrown: unknown): FailureError {
  if (thrown instanceof FailureError) return thrown
  const refusal = (thrown instanceof DOMException && REFUSALS[thrown.name]) || {
    message: `This browser keeps nothing for this page: ${thrown instanceof Error ? thrown.message : thrown}`,
    advice: 'Download the records before the page closes.',
  }
  return new FailureError({ kind: 'storage', ...refusal }, { cause: thrown })
}

/**
 * Stores runs in the browser's IndexedDB. It is opened when first needed and again after the browser closed it.
 *
 * @param open for tests
 */
export function createIndexedDbStore(open = openDatabase): RunStore {
  let opened: Promise<IDBPDatabase<CorpusDatabase>> | null = null

  async function database(): Promise<IDBPDatabase<CorpusDatabase>> {
    opened ??= open().then((database) => {
      database.addEventListener('close', () => {
        opened = null
      })
      return database
    })
    return opened
  }

  async function attempt<T>(work: (database: IDBPDatabase<CorpusDatabase>) => Promise<T>): Promise<T> {
    try {
      try {
        return await work(await database())
      } catch (thrown) {
        if (!isClosed(thrown)) throw thrown
        opened = null
        return await work(await database())
      }
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) opened = null
      throw storageFailure(thrown)
    }
  }

  return {
    create: ({ header, counts, texts, progress }) =>
      attempt(async (database) => {
        const transaction = database.transaction(['runs', 'progress', 'texts'], 'readwrite')
        await Promise.all([
          transaction.objectStore('runs').put({ header, counts }, header.id),
          transaction.objectStore('progress').put({ header, progress }, header.id),
          ...texts.map((text, sequence) => transaction.objectStore('texts').put(text, [header.id, sequence])),
          transaction.done,
        ])
      }),

    append: (runId, batch, progress) =>
      attempt(async (database) => {
        const transaction = database.transaction(['progress', 'batches'], 'readwrite', {
          durability: 'strict',
        })
        const kept = await transaction.objectStore('progress').get(runId)
        if (!kept) return removed()
        await Promise.all([
          transaction.objectStore('batches').put(batch, [runId, batch.index]),
          transaction.objectStore('progress').put({ header: kept.header, progress }, runId),
          transaction.done,
        ])
      }),

    setProgress: (runId, progress) =>
      attempt(async (database) => {
        const transaction = database.transaction('progress', 'readwrite')
        const kept = await transaction.store.get(runId)
        if (!kept) return removed()
        await Promise.all([transaction.store.put({ header: kept.header, progress }, runId), transaction.done])
      }),

    load: (runId) =>
      attempt(async (database) => {
        const transaction = database.transaction(['runs', 'progress', 'batches'])
        const [run, state, batches] = await Promise.all([
          transaction.objectStore('runs').get(runId),
          transaction.objectStore('progress').get(runId),
          transaction.objectStore('batches').getAll(ofRun(runId)),
        ])
        return run && state ? { ...run, progress: state.progress, batches } : null
      }),

    list: () => attempt(async (database) => (await database.getAll('progress')).sort(newestFirst)),

    text: (runId, sequence) =>
      attempt(async (database) => (await database.get('texts', [runId, sequence])) ?? null),

    remove: (runId) =>
      attempt(async (database) => {
        const transaction = database.transaction(['runs', 'progress', 'batches', 'texts'], 'readwrite')
        await Promise.all([
          transaction.objectStore('runs').delete(runId),
          transaction.objectStore('progress').delete(runId),
          transaction.objectStore('batches').delete(ofRun(runId)),
          transaction.objectStore('texts').delete(ofRun(runId)),
          transaction.done,
        ])
      }),
  }
}

function removed(): never {
  return fail('storage', 'The run is no longer kept: it was removed, perhaps in another tab.')
}

import { type Failure, FailureError, failureOf } from '../../core/failure'
import { newestFirst, type RunStore } from './runStore'

export interface FallbackOptions {
  /** Called once, when the first run has to be stored in memory. */
  readonly onFallback: (failure: Failure) => void
}

const KEPT_IN_MEMORY = {
  kept: 'The run goes on in memory.',
  advice: 'Download its records before the page closes: a reload forgets what is not stored.',
}

/**
 * Returns a store with a fallback. A run that the first store cannot hold (denied, full) is moved to the second, with
 * what the first still returns of it, and continues there.
 */
export function createFallbackStore(
  first: RunStore,
  second: RunStore,
  { onFallback }: FallbackOptions,
): RunStore {
  const moved = new Set<string>()
  let told = false

  function tell(thrown: unknown): void {
    if (told) return
    told = true
    onFallback({ kind: 'storage', message: failureOf(thrown).message, ...KEPT_IN_MEMORY })
  }

  /** Copies a run that can no longer grow in the first store. Its texts are read from there, as long as they can be. */
  async function move(runId: string, cause: unknown): Promise<void> {
    const run = await first.load(runId).catch(() => null)
    // Removed in another tab, or unreadable: there is nothing to continue.
    if (!run) throw cause
    await second.create({ ...run, texts: [] })
    for (const batch of run.batches) await second.append(runId, batch, run.progress)
    moved.add(runId)
    tell(cause)
  }

  async function write(runId: string, work: (store: RunStore) => Promise<void>): Promise<void> {
    if (!moved.has(runId)) {
      try {
        return await work(first)
      } catch (thrown) {
        await move(runId, thrown)
      }
    }
    return work(second)
  }

  async function read<T>(work: (store: RunStore) => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work(first)
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) throw thrown
      return otherwise
    }
  }

  return {
    async create(run) {
      try {
        await first.create(run)
      } catch (thrown) {
        await second.create(run)
        moved.add(run.header.id)
        tell(thrown)
      }
    },
    append: (runId, batch, progress) => write(runId, (store) => store.append(runId, batch, progress)),
    setProgress: (runId, progress) => write(runId, (store) => store.setProgress(runId, progress)),
    load: (runId) =>
      moved.has(runId)
        ? second.load(runId)
        : read<Awaited<ReturnType<RunStore['load']>>>((store) => store.load(runId), null),
    async list() {
      const stored = await read<Awaited<ReturnType<RunStore['list']>>>((store) => store.list(), [])
      const inMemory = await second.list()
      return [...inMemory, ...stored.filter(({ header }) => !moved.has(header.id))].sort(newestFirst)
    },
    async text(runId, sequence) {
      return (
        (await second.text(runId, sequence)) ??
        (await read<Awaited<ReturnType<RunStore['text']>>>((store) => store.text(runId, sequence), null))
      )
    },
    async remove(runId) {
      moved.delete(runId)
      await second.remove(runId)
      await read((store) => store.remove(runId), undefined)
    },
  }
}

import type { RunProgress } from '../../core/corpus/run'
import { fail } from '../../core/failure'
import type { NewRun } from '../run/newRun'
import { newestFirst, type RunStore, type StoredBatch } from './runStore'

interface MemoryRun extends Omit<NewRun, 'progress'> {
  readonly batches: Map<number, StoredBatch>
  progress: RunProgress
}

/** Stores runs until the page closes: for browsers that deny storage, a terminal, or tests. */
export function createMemoryStore(): RunStore {
  const runs = new Map<string, MemoryRun>()
  const kept = (runId: string) =>
    runs.get(runId) ?? fail('storage', 'The run is no longer kept: it was removed.')

  return {
    async create(run) {
      runs.set(run.header.id, { ...run, batches: new Map() })
    },
    async append(runId, batch, progress) {
      const run = kept(runId)
      run.batches.set(batch.index, batch)
      run.progress = progress
    },
    async setProgress(runId, progress) {
      kept(runId).progress = progress
    },
    async load(runId) {
      const run = runs.get(runId)
      if (!run) return null
      const { header, counts, progress } = run
      const batches = [...run.batches.values()].sort((a, b) => a.index - b.index)
      return { header, counts, progress, batches }
    },
    async list() {
      return [...runs.values()].map(({ header, progress }) => ({ header, progress })).sort(newestFirst)
    },
    async text(runId, sequence) {
      return runs.get(runId)?.texts[sequence] ?? null
    },
    async remove(runId) {
      runs.delete(runId)
    },
  }
}

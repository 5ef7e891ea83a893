import type { StoredRun } from '../core/corpus/corpusService'
import type { RunSummary } from '../core/corpus/run'
import { type Failure, FailureError, fail } from '../core/failure'
import type { RunLocks } from './runLocks'
import type { KeptRun, RunStore } from './store/runStore'

/** Opens saved runs, any of which another tab may be measuring. */
export interface SharedRuns {
  /**
   * Returns a run in the state in which another tab, or a page that was closed, left it.
   *
   * @throws FailureError `storage` if it is no longer saved
   */
  load(runId: string): Promise<KeptRun>
  /** Describes a run that is not open here, for a list of runs. */
  describe(summary: RunSummary): Promise<StoredRun>
  /**
   * Does work that no other tab may do at the same time; the work releases the lock, or its rejection does.
   *
   * @throws FailureError `not-ready` where another tab has it
   */
  withLock<T>(runId: string, work: (unlock: () => void) => Promise<T>): Promise<T>
}

const ELSEWHERE: Failure = {
  kind: 'not-ready',
  message: 'This run goes on in another tab.',
  kept: 'What it had stored by now is shown.',
  advice: 'Pause it there to go on here.',
}

export function createSharedRuns(store: RunStore, locks: RunLocks): SharedRuns {
  return {
    async load(runId) {
      const kept = await store.load(runId)
      if (!kept) {
        return fail('storage', 'That run is no longer kept in this browser.', {
          advice: 'Open its file, where it was downloaded, or start it again.',
        })
      }
      if (kept.progress.status !== 'running') return kept
      const failure = (await locks.isHeld(runId)) ? ELSEWHERE : null
      return { ...kept, progress: { ...kept.progress, status: 'paused', secondsLeft: null, failure } }
    },

    async describe({ header, progress }) {
      const isLeft = progress.status === 'running' && !(await locks.isHeld(header.id))
      return {
        header,
        progress: isLeft ? { ...progress, status: 'paused', secondsLeft: null } : progress,
        hasTexts: header.sampled > 0,
        tokenNames: null,
      }
    },

    async withLock(runId, work) {
      const unlock = await locks.acquire(runId)
      if (!unlock) throw new FailureError(ELSEWHERE)
      try {
        return await work(unlock)
      } catch (thrown) {
        unlock()
        throw thrown
      }
    },
  }
}

import { NO_LOCKS, type RunLocks } from '../../corpus/runLocks'

/** Time longer than the browser takes to pass on a lock that was just released, ms. */
const WAIT = 500

const nameOf = (runId: string) => `ripplescope-run-${runId}`

/** Creates locks between the tabs of one browser; the browser releases them when a worker or a tab ends. */
export function createRunLocks(manager: LockManager | undefined = globalThis.navigator?.locks): RunLocks {
  if (!manager) return NO_LOCKS
  return {
    acquire: (runId) =>
      new Promise((resolve, reject) => {
        const hold = () => new Promise<void>((release) => resolve(release))
        manager
          .request(nameOf(runId), { signal: AbortSignal.timeout(WAIT) }, hold)
          .catch((thrown: unknown) => {
            if (thrown instanceof DOMException && /^(Timeout|Abort)Error$/.test(thrown.name)) resolve(null)
            else reject(thrown)
          })
      }),
    async isHeld(runId) {
      const { held } = await manager.query()
      return held?.some(({ name }) => name === nameOf(runId)) ?? false
    },
  }
}

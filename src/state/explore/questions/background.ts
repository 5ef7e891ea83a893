import { failureOf } from '../../../core/failure'

/** Holds work that nobody waits for. */
export interface Job {
  readonly key: string
  readonly run: () => Promise<void>
}

export interface Background {
  /** Starts the next job, if the user waits for nothing and no job runs. */
  pump(): void
  /** Forgets failures: another source may succeed. */
  reset(): void
  stop(): void
}

/** Most attempts of a job that was cancelled. */
const MAX_ATTEMPTS = 3

/**
 * Runs one job at a time, and starts none while the user waits for an answer.
 *
 * @param next the most wanted job that `skip` does not name
 */
export function createBackground(
  isIdle: () => boolean,
  next: (skip: (key: string) => boolean) => Job | null,
): Background {
  const attempts = new Map<string, number>()
  let running = false
  let stopped = false
  const skip = (key: string) => (attempts.get(key) ?? 0) >= MAX_ATTEMPTS

  const pump = () => {
    if (running || stopped || !isIdle()) return
    const job = next(skip)
    if (!job) return
    running = true
    job.run().then(
      () => finish(),
      (thrown: unknown) => {
        const cancelled = failureOf(thrown).kind === 'cancelled'
        attempts.set(job.key, cancelled ? (attempts.get(job.key) ?? 0) + 1 : MAX_ATTEMPTS)
        finish()
      },
    )
  }
  const finish = () => {
    running = false
    pump()
  }
  return {
    pump,
    reset: () => attempts.clear(),
    stop: () => {
      stopped = true
    },
  }
}

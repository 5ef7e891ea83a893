import { type Failure, FailureError, failureOf } from '../core/failure'

/** Says how far a piece of work is that somebody started, and how it ended. Plain data, for the store. */
export interface TaskState<Progress = null> {
  readonly status: 'idle' | 'running' | 'done' | 'stopped' | 'failed'
  /** Last report while it runs; null before the first one and after the end. */
  readonly progress: Progress | null
  /** Reason of a failure; null otherwise. */
  readonly failure: Failure | null
}

/** Says how one run ended; `replaced`: another one was started meanwhile, and the state is that one's. */
export type TaskEnd<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'stopped' }
  | { readonly status: 'replaced' }

export interface TaskContext<Progress> {
  /** Signal that aborts when the task is stopped or replaced, with a `cancelled` failure as its reason. */
  readonly signal: AbortSignal
  /** Reports progress; does nothing once the run is over. */
  report(progress: Progress): void
}

/** Runs one piece of work at a time: the newest wins. */
export interface Task<Progress = null> {
  readonly running: boolean
  /**
   * Starts work, which replaces the work that ran before.
   *
   * @param giveBack takes a value that comes too late, so that its resources are freed
   */
  run<T>(
    work: (context: TaskContext<Progress>) => Promise<T>,
    giveBack?: (value: T) => void,
  ): Promise<TaskEnd<T>>
  /** Stops the work at once: its value is not wanted any more, even if the work itself continues for a while. */
  abort(): void
}

export const NO_TASK: TaskState<never> = { status: 'idle', progress: null, failure: null }

/** Creates a task. @param write shows how far it is */
export function createTask<Progress = null>(write: (state: TaskState<Progress>) => void): Task<Progress> {
  let current: { replace(): void; stop(): void } | null = null

  return {
    get running() {
      return current !== null
    },
    abort: () => current?.stop(),
    run: <T>(work: (context: TaskContext<Progress>) => Promise<T>, giveBack?: (value: T) => void) =>
      new Promise<TaskEnd<T>>((resolve) => {
        const controller = new AbortController()
        const abort = (message: string) => controller.abort(new FailureError({ kind: 'cancelled', message }))
        const end = (outcome: Exclude<TaskEnd<T>, { status: 'replaced' }>) => {
          if (current !== mine) return
          current = null
          const failure = outcome.status === 'failed' ? outcome.failure : null
          write({ status: outcome.status, progress: null, failure })
          resolve(outcome)
        }
        const mine = {
          replace: () => {
            resolve({ status: 'replaced' })
            abort('Something newer took its place.')
          },
          stop: () => {
            end({ status: 'stopped' })
            abort('Stopped.')
          },
        }
        const former = current
        current = mine
        former?.replace()
        write({ status: 'running', progress: null, failure: null })
        const report = (progress: Progress) => {
          if (current === mine) write({ status: 'running', progress, failure: null })
        }
        const begin = async () => work({ signal: controller.signal, report })
        begin().then(
          (value) => {
            if (current === mine) end({ status: 'done', value })
            else giveBack?.(value)
          },
          (thrown: unknown) => {
            const failure = failureOf(thrown)
            end(failure.kind === 'cancelled' ? { status: 'stopped' } : { status: 'failed', failure })
          },
        )
      }),
  }
}

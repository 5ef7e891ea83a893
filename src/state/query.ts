import { FailureError, failureOf } from '../core/failure'
import { failed, idle, loading, type Resource, ready, waiting } from './resource'

/** Holds a question; the answer of a higher generation, which is a better source, replaces that of a lower one. */
export interface Question<T> {
  readonly key: string
  readonly generation: number
  /** Value that may stay until the answer comes; by default the present one, which itself says what it is of. */
  readonly former?: T | null
  /** Computes the answer. @param signal aborts once another question replaces this one, or none is wanted */
  readonly ask: (signal: AbortSignal) => Promise<T>
}

export interface Query<T> {
  /** Asks, unless the same was asked of the same source already. A late answer is dropped. */
  ask(question: Question<T>): void
  /** Answers a question from memory, without asking. */
  answer(key: string, generation: number, value: T): void
  /** Drops the question under way and shows this resource. */
  show(resource: Resource<T>): void
  /** Drops the question under way and writes no more. */
  stop(): void
  /** Allows a failed question to be asked again: the user did something, or another model answers. */
  retry(): void
  readonly pending: boolean
  readonly key: string | null
}

/** Most times that a question is asked again at once after it was cancelled although still wanted. */
const MAX_CANCELLED = 3

/**
 * Connects one resource of the store to the question behind it; the latest wins.
 *
 * @param onSettled called when a question is answered or has failed, even if the answer came too late
 */
export function createQuery<T>(
  read: () => Resource<T>,
  write: (resource: Resource<T>) => void,
  onSettled: () => void,
): Query<T> {
  let key: string | null = null
  let generation = -1
  let run = 0
  let pending = false
  let wanted = new AbortController()
  /** End of the present question without an answer; `askable`: it may be asked once more. */
  let missed: 'no' | 'failed' | 'askable' = 'no'
  let cancelled = 0

  const begin = (nextKey: string | null, nextGeneration: number) => {
    if (nextKey !== key || nextGeneration !== generation) cancelled = 0
    key = nextKey
    generation = nextGeneration
    if (pending) wanted.abort(new FailureError({ kind: 'cancelled', message: 'Something newer was asked.' }))
    pending = false
    missed = 'no'
    return ++run
  }

  return {
    get pending() {
      return pending
    },
    get key() {
      return key
    },
    ask: (question) => {
      const same = question.key === key
      if (same && question.generation === generation && missed !== 'askable') return
      // A better source replaces a shown answer without showing `loading`.
      const quiet = same && read().status === 'ready'
      const mine = begin(question.key, question.generation)
      pending = true
      wanted = new AbortController()
      if (!quiet) write(loading(question.former === undefined ? read().value : question.former))
      const settle = (resource: Resource<T> | null) => {
        if (mine === run) {
          pending = false
          if (resource) write(resource)
        }
        onSettled()
      }
      question.ask(wanted.signal).then(
        (value) => settle(ready(value)),
        (thrown: unknown) => {
          const failure = failureOf(thrown)
          const wasCancelled = failure.kind === 'cancelled'
          if (mine === run && failure.kind !== 'not-ready') {
            missed = wasCancelled && ++cancelled <= MAX_CANCELLED ? 'askable' : 'failed'
          }
          if (wasCancelled) settle(null)
          else if (failure.kind === 'not-ready') settle(waiting(read().value))
          else settle(failed(failure, read().value))
        },
      )
    },
    stop: () => {
      begin(null, -1)
    },
    retry: () => {
      cancelled = 0
      if (missed === 'failed') missed = 'askable'
    },
    answer: (nextKey, nextGeneration, value) => {
      if (nextKey === key && nextGeneration === generation && missed === 'no') return
      begin(nextKey, nextGeneration)
      write(ready(value))
    },
    show: (resource) => {
      const shown = read()
      const unchanged =
        key === null &&
        shown.status === resource.status &&
        shown.value === resource.value &&
        shown.failure?.kind === resource.failure?.kind
      if (unchanged) return
      begin(null, -1)
      write(resource.status === 'idle' ? idle() : resource)
    },
  }
}

import { failureOf } from '../core/failure'
import { failed, idle, loading, type Resource, ready, waiting } from './resource'

/** Who is asked: a higher generation is a better source for the same question. */
export interface Question<T> {
  readonly key: string
  readonly generation: number
  /** What may stay until the answer comes; by default what stands there, which says itself what it is of. */
  readonly former?: T | null
  readonly ask: () => Promise<T>
}

export interface Query<T> {
  /** Asks, unless the same was asked of the same source already. An answer that comes too late is dropped. */
  ask(question: Question<T>): void
  /** Answers a question from memory, without asking. */
  answer(key: string, generation: number, value: T): void
  /** Drops what is under way and shows this. */
  show(resource: Resource<T>): void
  /** Drops what is under way and writes no more. */
  stop(): void
  readonly pending: boolean
  readonly key: string | null
}

/**
 * One resource of the store and the question behind it; latest wins.
 *
 * @param onSettled called when a question is answered or has failed, also where the answer came too late
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

  const begin = (nextKey: string | null, nextGeneration: number) => {
    key = nextKey
    generation = nextGeneration
    pending = false
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
      if (same && question.generation === generation) return
      // A better source replaces a shown answer without a word.
      const quiet = same && read().status === 'ready'
      const mine = begin(question.key, question.generation)
      pending = true
      if (!quiet) write(loading(question.former === undefined ? read().value : question.former))
      const settle = (resource: Resource<T> | null) => {
        if (mine === run) {
          pending = false
          if (resource) write(resource)
        }
        onSettled()
      }
      question.ask().then(
        (value) => settle(ready(value)),
        (thrown: unknown) => {
          const failure = failureOf(thrown)
          if (failure.kind === 'cancelled') settle(null)
          else if (failure.kind === 'not-ready') settle(waiting(read().value))
          else settle(failed(failure, read().value))
        },
      )
    },
    stop: () => {
      begin(null, -1)
    },
    answer: (nextKey, nextGeneration, value) => {
      if (nextKey === key && nextGeneration === generation) return
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

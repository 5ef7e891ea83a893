import type { RequestOptions } from '../core/explorer'
import { FailureError } from '../core/failure'

const ORDER = { act: 0, soon: 1, ahead: 2, corpus: 3 } as const

interface Entry {
  readonly rank: number
  readonly lane: string | undefined
  start(): Promise<void>
  cancel(): void
}

/**
 * Sends requests to a worker one at a time: what the user waits for first, then what will be wanted soon, then what is
 * measured ahead. A newer `act` request cancels those still waiting in its lane.
 */
export class RequestQueue {
  #waiting: Entry[] = []
  #running = false

  /** Nothing waits and nothing runs. */
  get idle(): boolean {
    return !this.#running && this.#waiting.length === 0
  }

  add<T>(work: () => Promise<T>, { priority, lane }: RequestOptions): Promise<T> {
    if (priority === 'act' && lane !== undefined) {
      const stale = this.#waiting.filter((entry) => entry.lane === lane)
      this.#waiting = this.#waiting.filter((entry) => entry.lane !== lane)
      for (const entry of stale) entry.cancel()
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        rank: ORDER[priority],
        lane,
        start: () => work().then(resolve, reject),
        cancel: () =>
          reject(new FailureError({ kind: 'cancelled', message: 'A newer request took its place.' })),
      })
      void this.#next()
    })
  }

  /** Rejects everything that waits with `cancelled`. */
  clear(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const entry of waiting) entry.cancel()
  }

  async #next(): Promise<void> {
    if (this.#running || this.#waiting.length === 0) return
    const rank = Math.min(...this.#waiting.map((entry) => entry.rank))
    const index = this.#waiting.findIndex((entry) => entry.rank === rank)
    const [entry] = this.#waiting.splice(index, 1)
    this.#running = true
    await entry.start()
    this.#running = false
    void this.#next()
  }
}

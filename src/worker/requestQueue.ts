import type { RequestOptions } from '../core/explorer'
import { FailureError } from '../core/failure'

const ORDER = { act: 0, soon: 1, ahead: 2, corpus: 3 } as const

interface Entry {
  readonly rank: number
  readonly lane: string | undefined
  start(): Promise<void>
  cancel(reason: unknown): void
}

/**
 * Sends requests to a worker one at a time: what the user waits for first, then what will be wanted soon, then what is
 * measured ahead. The newest request of a lane cancels those still waiting there.
 */
export class RequestQueue {
  #waiting: Entry[] = []
  #running = false

  /** Says whether nothing waits and nothing runs. */
  get idle(): boolean {
    return !this.#running && this.#waiting.length === 0
  }

  add<T>(work: () => Promise<T>, { priority, lane, signal }: RequestOptions): Promise<T> {
    if (lane !== undefined) this.#cancel((entry) => entry.lane === lane, 'A newer request took its place.')
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted()
      const entry: Entry = {
        rank: ORDER[priority],
        lane,
        start: async () => {
          try {
            resolve(await work())
          } catch (thrown) {
            reject(thrown)
          }
        },
        cancel: reject,
      }
      this.#waiting.push(entry)
      signal?.addEventListener('abort', () => {
        // The running request goes on: its worker answers one request at a time.
        this.#waiting = this.#waiting.filter((other) => other !== entry)
        reject(signal.reason)
      })
      void this.#next()
    })
  }

  /** Rejects everything that waits with `cancelled`. */
  clear(): void {
    this.#cancel(() => true, 'The model was closed.')
  }

  #cancel(concerns: (entry: Entry) => boolean, message: string): void {
    const stale = this.#waiting.filter(concerns)
    if (stale.length === 0) return
    this.#waiting = this.#waiting.filter((entry) => !concerns(entry))
    for (const entry of stale) entry.cancel(new FailureError({ kind: 'cancelled', message }))
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

/** Number of restarts allowed, so that something that dies again and again is not started for ever. */
const MAX_RESTARTS = 3

/** Time without a restart after which all of them are allowed once more, ms. */
const QUIET = 10 * 60_000

/** Counts how often something that died was started again, and gives the count back after a quiet while. */
export class Restarts {
  #count = 0
  #last = Number.NEGATIVE_INFINITY
  readonly #now: () => number

  /** @param now a clock, ms */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes one of the restarts that are allowed. @returns whether there was one */
  take(): boolean {
    const now = this.#now()
    if (now - this.#last >= QUIET) this.#count = 0
    if (this.#count >= MAX_RESTARTS) return false
    this.#count++
    this.#last = now
    return true
  }

  reset(): void {
    this.#count = 0
  }
}

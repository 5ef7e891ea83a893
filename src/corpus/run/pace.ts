/** Number of tokens after which earlier measurements count for a third: some twenty reviews. */
const MEMORY_TOKENS = 5000

/** Factor over the expected time beyond which the work was interrupted: a machine asleep, a hidden tab. */
const STANDSTILL = 10

/** Estimates the time for the rest at the present rate, by tokens: long texts take longer than short ones. */
export interface Pace {
  /** Starts the clock, when work begins or continues. */
  start(): void
  /** Adds the tokens done since the last call or `start`. */
  add(tokens: number): void
  /** Returns the seconds that this many tokens will take; null before anything was done. */
  secondsFor(tokens: number): number | null
}

/** Returns a pace that starts now. @param now milliseconds */
export function createPace(now: () => number): Pace {
  let last = now()
  let secondsPerToken: number | null = null
  return {
    start() {
      last = now()
    },
    add(tokens) {
      const time = now()
      const seconds = Math.max(0, time - last) / 1000
      last = time
      if (tokens <= 0) return
      const longest = secondsPerToken ? STANDSTILL * secondsPerToken : Number.POSITIVE_INFINITY
      const rate = Math.min(seconds / tokens, longest)
      const weight = 1 - Math.exp(-tokens / MEMORY_TOKENS)
      secondsPerToken = secondsPerToken === null ? rate : secondsPerToken + weight * (rate - secondsPerToken)
    },
    secondsFor: (tokens) => (secondsPerToken === null ? null : secondsPerToken * tokens),
  }
}

/** Tokens after which what was measured before counts for a third: some twenty reviews. */
const MEMORY_TOKENS = 5000

/** What took this many times as long as expected stood still for a while: a machine asleep, a tab that was hidden. */
const STANDSTILL = 10

/** How long the rest will take at the present rate, by tokens: long texts take longer than short ones. */
export interface Pace {
  /** The clock starts: work begins or goes on. */
  start(): void
  /** Tokens done since the last call or `start`. */
  add(tokens: number): void
  /** Null before anything was done. */
  secondsFor(tokens: number): number | null
}

/** @param now milliseconds */
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

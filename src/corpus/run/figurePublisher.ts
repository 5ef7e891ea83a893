/** Pause between two publications, ms. */
const PAUSE = 1000

/** Largest share of the time that figures may take. */
const SHARE = 0.1

/** Publishes at most about once a second, and less often if it takes long. */
export interface FigurePublisher {
  /** Reports that something changed. */
  touch(): void
}

/**
 * Returns a publisher.
 *
 * @param publish computes and sends, synchronously
 * @param now milliseconds
 */
export function createFigurePublisher(publish: () => void, now: () => number): FigurePublisher {
  let next = Number.NEGATIVE_INFINITY
  return {
    touch() {
      const start = now()
      if (start < next) return
      publish()
      const end = now()
      next = end + Math.max(PAUSE, (end - start) / SHARE)
    },
  }
}

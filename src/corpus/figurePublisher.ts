/** Between two publications, ms. */
const PAUSE = 1000

/** Figures take at most this share of the time. */
const SHARE = 0.1

/** Publishes at most about once a second, and less often where it takes long. */
export interface FigurePublisher {
  /** Something changed. */
  touch(): void
}

/**
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

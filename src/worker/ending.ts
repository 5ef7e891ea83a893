/** An end that calls under way do not outlive. */
export interface Ending {
  /** Rejects what is under way, and all that is begun later. */
  end(reason: unknown): void
  /** The work's outcome, or the end where that comes first; after the end nothing is begun. */
  before<T>(work: () => Promise<T>): Promise<T>
}

/**
 * As `Promise.race` with a promise of the end, of which every call would leave something behind for as long as the
 * end has not come: a run over a corpus makes tens of thousands.
 */
export function createEnding(): Ending {
  const waiting = new Set<(reason: unknown) => void>()
  let ended: { readonly reason: unknown } | null = null

  return {
    end(reason) {
      ended ??= { reason }
      for (const reject of waiting) reject(reason)
      waiting.clear()
    },
    before: (work) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended.reason)
          return
        }
        waiting.add(reject)
        work()
          .then(resolve, reject)
          .finally(() => waiting.delete(reject))
      }),
  }
}

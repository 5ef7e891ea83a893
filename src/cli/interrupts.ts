import type { Environment } from './environment'
import { InterruptedError } from './exitCodes'

/** Tells a run about Ctrl-C: the first ends it after the current batches, the second at once. */
export interface Interrupts {
  /** Aborted at the first, for the reading of texts. */
  readonly signal: AbortSignal
  isStopped(): boolean
  /** Rejects at the second; else it stays pending. */
  readonly stopped: Promise<never>
  /** Stops listening. */
  forget(): void
}

export function createInterrupts({
  onInterrupt,
  stderr,
}: Pick<Environment, 'onInterrupt' | 'stderr'>): Interrupts {
  const reading = new AbortController()
  let count = 0
  let stopNow: (reason: Error) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stopNow = reject
  })
  // Whoever waits for it hears of it; nobody may be.
  stopped.catch(() => {})
  const forget = onInterrupt(() => {
    count++
    reading.abort(
      new InterruptedError('\nripplescope: Stopped while reading the texts; nothing was measured yet.'),
    )
    if (count === 1) stderr.write('\nWhat is under way is finished first; Ctrl-C again stops at once.\n')
    else stopNow(new InterruptedError('ripplescope: Stopped. All batches but those under way are kept.'))
  })
  return { signal: reading.signal, isStopped: () => count > 0, stopped, forget }
}

import { CommanderError } from 'commander'
import { type Failure, FailureError, failureOf } from '../core/failure'

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Reports a command that does not make sense: exit code 2. */
export class UsageError extends FailureError {
  constructor(message: string, advice?: string) {
    super({ kind: 'invalid-request', message, ...(advice === undefined ? {} : { advice }) })
  }
}

/** Reports a stop by Ctrl-C, with whatever is worth saying about it. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
}

/** Writes what happened, what was kept and what to do, one sentence each, on one line. */
export const failureLine = ({ message, kept, advice }: Failure) =>
  [message, kept, advice]
    .filter((sentence) => sentence !== undefined && sentence !== '')
    .map((sentence) => `${sentence}`.trim().replace(/\s*\n\s*/g, ' '))
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ')

/** Returns the exit code of a command that threw, and the last line for standard error; null: none. */
export function endedBy(thrown: unknown): { readonly code: number; readonly line: string | null } {
  // Commander has written its own line by then.
  if (thrown instanceof CommanderError) {
    return { code: thrown.exitCode === 0 ? EXIT.ok : EXIT.usage, line: null }
  }
  if (thrown instanceof InterruptedError) return { code: EXIT.interrupted, line: thrown.message }
  const line = `ripplescope: ${failureLine(failureOf(thrown))}`
  return { code: thrown instanceof UsageError ? EXIT.usage : EXIT.failed, line }
}

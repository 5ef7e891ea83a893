/** Keeps two tabs from measuring one run at a time. */
export interface RunLocks {
  /** Takes the lock of a run until the returned function is called; null where another tab has it. */
  acquire(runId: string): Promise<(() => void) | null>
  /** Whether another tab measures the run; not asked of runs that this one measures. */
  isHeld(runId: string): Promise<boolean>
}

/** For a terminal, tests, and browsers without locks. */
export const NO_LOCKS: RunLocks = {
  acquire: async () => () => undefined,
  isHeld: async () => false,
}

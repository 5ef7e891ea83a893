/** Prevents two tabs from measuring one run at the same time. */
export interface RunLocks {
  /** Takes the lock of a run until the returned function is called; null where another tab has it. */
  acquire(runId: string): Promise<(() => void) | null>
  /** Says whether another tab measures the run; not asked about runs that this tab measures. */
  isHeld(runId: string): Promise<boolean>
}

/** Locks nothing: for a terminal, tests, and browsers without locks. */
export const NO_LOCKS: RunLocks = {
  acquire: async () => () => undefined,
  isHeld: async () => false,
}

export interface TypingPause {
  readonly pending: boolean
  /** Asks once the user has paused at this text; another text starts the pause again. */
  begin(text: string, ask: () => void): void
  end(): void
}

/** Delays questions about a text until the user pauses in typing. @param length ms */
export function createTypingPause(length: number): TypingPause {
  let timer: ReturnType<typeof setTimeout> | undefined
  let text: string | null = null
  const end = () => {
    clearTimeout(timer)
    text = null
  }
  return {
    get pending() {
      return text !== null
    },
    begin: (next, ask) => {
      if (next === text) return
      end()
      text = next
      timer = setTimeout(() => {
        end()
        ask()
      }, length)
    },
    end,
  }
}

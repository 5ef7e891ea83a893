export interface TypingPause {
  readonly pending: boolean
  /** Asks once the user has rested at this text; another one begins the pause anew. */
  begin(text: string, ask: () => void): void
  end(): void
}

/** Keeps a text from being asked about at each key while it is typed. @param length ms */
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

import { type RefObject, useEffect, useRef, useState } from 'react'
import { useActions } from '../../appContext'

export interface TextEditing {
  readonly editing: boolean
  /** Button that starts the editing, and has the focus again at the end. */
  readonly button: RefObject<HTMLButtonElement | null>
  begin(): void
  /** Ends the editing: one step of undo. */
  finish(): void
}

/** Holds the state of a text that is shown, or edited in place. */
export function useTextEditing(atFirst = false): TextEditing {
  const [editing, setEditing] = useState(atFirst)
  const { commitText } = useActions()
  const button = useRef<HTMLButtonElement>(null)
  const returnFocus = useRef(false)

  useEffect(() => {
    if (editing || !returnFocus.current) return
    returnFocus.current = false
    button.current?.focus()
  }, [editing])

  return {
    editing,
    button,
    begin: () => setEditing(true),
    finish: () => {
      commitText()
      returnFocus.current = true
      setEditing(false)
    },
  }
}

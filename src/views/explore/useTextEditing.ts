import { type RefObject, useEffect, useRef, useState } from 'react'
import { useActions } from '../appContext'

export interface TextEditing {
  readonly editing: boolean
  /** Of the button that begins, which has the focus again at the end. */
  readonly button: RefObject<HTMLButtonElement | null>
  begin(): void
  /** One step of undo. */
  finish(): void
}

/** A text that is shown, or edited in its place. */
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

import { useEffect } from 'react'
import { useActions } from '../appContext'

/** Says whether an element has an undo of its own, as text fields do. */
function editsText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'search'))
  )
}

/** Handles Ctrl + Z, Ctrl + Shift + Z and Ctrl + Y on the whole page. */
export function useUndoKeys(): void {
  const { undo, redo } = useActions()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || editsText(event.target)) return
      const key = event.key.toLowerCase()
      if (key === 'z' && !event.shiftKey) undo()
      else if ((key === 'z' && event.shiftKey) || key === 'y') redo()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [undo, redo])
}

import { type DragEvent, useEffect, useState } from 'react'
import { useActions } from '../../appContext'
import { isModelDrop, readDroppedFolder } from '../../models/readDroppedFolder'
import { useOpenFiles } from '../../models/useOpenFiles'

/** Says whether the page takes a paste: text fields take their own, and an open dialog leaves the page as it is. */
function takesPaste(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, [contenteditable], dialog') !== null
}

/** Takes a paste anywhere on the page, while no field has the focus, as a new review. */
export function usePagePaste(onText: (text: string) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (takesPaste(event.target)) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (text.trim() === '') return
      event.preventDefault()
      onText(text)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [onText])
}

interface FileDrop {
  readonly dropping: boolean
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
  }
}

/**
 * Takes what is dropped on the page: a model's folder or weights open in Models, any other file is given to `onFile`.
 * Anything else that is dragged over it is left to the browser.
 */
export function useFileDrop(onFile: (file: File) => void): FileDrop {
  const [dropping, setDropping] = useState(false)
  const { setView } = useActions()
  const openFiles = useOpenFiles()
  return {
    dropping,
    handlers: {
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      },
      onDragLeave: (event) => {
        if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return
        setDropping(false)
      },
      onDrop: (event) => {
        const { dataTransfer } = event
        const [file] = dataTransfer.files
        setDropping(false)
        if (isModelDrop(dataTransfer)) {
          event.preventDefault()
          setView('models')
          void openFiles(() => readDroppedFolder(dataTransfer))
        } else if (file) {
          event.preventDefault()
          onFile(file)
        }
      },
    },
  }
}

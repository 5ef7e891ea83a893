import { type DragEvent, useState } from 'react'
import { readDroppedFolder } from './readDroppedFolder'
import { useOpenFiles } from './useOpenFiles'

/** Opens a model's folder, or its files, that are dropped on an element. */
export function useFolderDrop() {
  const [dropping, setDropping] = useState(false)
  const openFiles = useOpenFiles()
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      setDropping(true)
    },
    onDragLeave: (event: DragEvent) => {
      if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return
      setDropping(false)
    },
    onDrop: (event: DragEvent) => {
      setDropping(false)
      event.preventDefault()
      const { dataTransfer } = event
      void openFiles(() => readDroppedFolder(dataTransfer))
    },
  }
  return { dropping, handlers }
}

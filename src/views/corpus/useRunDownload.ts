import { useEffect } from 'react'
import { useActions, useAppStore } from '../appContext'
import { download } from '../download'

/** Saves a file of records as soon as it is made. */
export function useRunDownload(): void {
  const file = useAppStore((state) => state.corpus.download.value)
  const { downloadTaken } = useActions()
  useEffect(() => {
    if (!file) return
    download(file.name, file.content)
    downloadTaken()
  }, [file, downloadTaken])
}

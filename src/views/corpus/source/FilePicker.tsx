import { useRef } from 'react'
import { formatBytes } from '../../../core/formatBytes'
import { useActions } from '../../appContext'
import { CORPUS_FILES } from './readDroppedCorpus'

/** Picks a file from this machine. */
export function FilePicker({ chosen }: { readonly chosen: File | null }) {
  const { chooseSource } = useActions()
  const field = useRef<HTMLInputElement>(null)
  return (
    <div>
      <button type="button" className="button" onClick={() => field.current?.click()}>
        {chosen ? 'Choose another file…' : 'Choose a file…'}
      </button>{' '}
      {chosen && (
        <span>
          {chosen.name} <span className="soft">{formatBytes(chosen.size)}</span>
        </span>
      )}
      <p className="soft">
        CSV, TSV, JSONL, JSON, TXT or Parquet, also packed with gzip or dropped anywhere on the page. It is
        read here and sent nowhere.
      </p>
      <input
        ref={field}
        type="file"
        hidden
        aria-label="File of texts"
        accept={CORPUS_FILES}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) chooseSource({ kind: 'file', file, column: null })
        }}
      />
    </div>
  )
}

import { useRef } from 'react'
import { useActions, useAppStore } from '../appContext'
import type { CorpusDialog } from './CorpusHeader'
import { CORPUS_FILES } from './source/readDroppedCorpus'

/** Says why no run is open, and what to do. */
export function CorpusEmpty({ onOpen }: { readonly onOpen: (dialog: CorpusDialog) => void }) {
  const failure = useAppStore((state) => state.corpus.run.failure)
  const { chooseSource } = useActions()
  const field = useRef<HTMLInputElement>(null)
  const absent = failure?.kind === 'missing-file' || failure?.kind === 'cancelled'
  return (
    <section className="corpus-empty" aria-label="No run is open">
      {failure && !absent && (
        <p className="run-problem" role="alert">
          {failure.message} {failure.kept} {failure.advice}
        </p>
      )}
      <p>Choose texts, and the paper’s experiments run over them in this page.</p>
      <div className="row">
        <button
          type="button"
          className="button button-accent"
          onClick={() => {
            chooseSource({ kind: 'bundled' })
            onOpen('source')
          }}
        >
          Use the sample reviews
        </button>
        <button type="button" className="button" onClick={() => field.current?.click()}>
          Choose a file…
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            chooseSource(null)
            onOpen('hub')
          }}
        >
          A data set of the hub…
        </button>
      </div>
      <input
        ref={field}
        type="file"
        hidden
        accept={CORPUS_FILES}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (!file) return
          chooseSource({ kind: 'file', file, column: null })
          onOpen('source')
        }}
      />
    </section>
  )
}

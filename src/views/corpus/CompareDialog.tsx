import { useRef } from 'react'
import type { ComparedChoice } from '../../core/corpus/corpusService'
import { SHIPPED_RUNS, shippedRunName } from '../../core/corpus/shippedRuns'
import { isRunning } from '../../state/corpus/corpusSelectors'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'
import { runFacts } from './corpusWords'
import { RUN_FILES } from './source/readDroppedCorpus'

interface CompareDialogProps {
  readonly open: boolean
  readonly onClose: () => void
}

/** Asks which run to compare with the open one, or with the next. */
export function CompareDialog({ open, onClose }: CompareDialogProps) {
  return (
    <Dialog open={open} title="Compare with another run" onClose={onClose}>
      <CompareChoices onClose={onClose} />
    </Dialog>
  )
}

/** Draws the dialog's content. */
export function CompareChoices({ onClose }: Pick<CompareDialogProps, 'onClose'>) {
  const run = useAppStore((state) => state.corpus.run.value)
  const stored = useAppStore((state) => state.corpus.stored.value)
  const running = useAppStore(isRunning)
  const { compareWith } = useActions()
  const field = useRef<HTMLInputElement>(null)
  const choose = (choice: ComparedChoice) => {
    compareWith(choice)
    onClose()
  }
  const others = stored?.filter(
    ({ header, progress }) =>
      header.id !== run?.header.id && progress.status !== 'running' && progress.done > 0,
  )
  return (
    <>
      <p>
        Two runs are drawn in the same charts, with a table of their differences: two models over the same
        texts, or one model over two.
      </p>
      <div className="row">
        <button
          type="button"
          className="button button-accent"
          aria-disabled={running || !run}
          onClick={() => {
            if (!running && run) choose({ kind: 'open' })
          }}
        >
          Compare with the next run
        </button>
        <button type="button" className="button" onClick={() => field.current?.click()}>
          Compare with a run from a file…
        </button>
      </div>
      <p className="soft">
        {running
          ? 'A run that goes on can be kept for the next one once it has ended.'
          : 'The next run: this one is kept while you change the model, the texts or the settings and run again.'}
      </p>
      <ul className="stored-runs" aria-label="Ready-made runs">
        {SHIPPED_RUNS.filter(({ id }) => id !== run?.header.id).map((shipped) => (
          <li key={shipped.id}>
            <strong>{shippedRunName(shipped)}</strong>
            <button
              type="button"
              className="button"
              aria-label={`Compare with ${shippedRunName(shipped)}`}
              onClick={() => choose({ kind: 'shipped', id: shipped.id })}
            >
              Compare
            </button>
          </li>
        ))}
      </ul>
      {others && others.length > 0 && (
        <ul className="stored-runs" aria-label="Saved runs">
          {others.map(({ header }) => (
            <li key={header.id}>
              <div>
                <strong>{header.origin.name}</strong>
                <p className="soft">
                  {header.provenance.modelId} · {runFacts(header)}
                </p>
              </div>
              <button
                type="button"
                className="button"
                aria-label={`Compare with ${header.origin.name}, ${header.provenance.modelId}`}
                onClick={() => choose({ kind: 'kept', runId: header.id })}
              >
                Compare
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={field}
        type="file"
        hidden
        aria-label="File of a run to compare with"
        accept={RUN_FILES}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) choose({ kind: 'file', file })
        }}
      />
    </>
  )
}

import { useRef } from 'react'
import type { StoredRun } from '../../core/corpus/corpusService'
import { AskedRemoval } from '../AskedRemoval'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'
import { runFacts, statusInWords } from './corpusWords'
import { RUN_FILES } from './source/readDroppedCorpus'

interface StoredRunsProps {
  readonly open: boolean
  readonly onClose: () => void
}

/** Draws the runs saved on this machine. */
export function StoredRunsDialog({ open, onClose }: StoredRunsProps) {
  return (
    <Dialog open={open} title="Saved runs" onClose={onClose}>
      <StoredRunList onClose={onClose} />
    </Dialog>
  )
}

/** Draws the dialog's content. */
export function StoredRunList({ onClose }: { readonly onClose: () => void }) {
  const { value, failure } = useAppStore((state) => state.corpus.stored)
  const { openShippedRun, openRunFile } = useActions()
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  return (
    <>
      {failure && (
        <p className="run-problem" role="alert">
          {failure.message} {failure.advice}
        </p>
      )}
      {value?.length === 0 && <p>No run is saved here yet. A run saves itself as it goes, batch by batch.</p>}
      <ul className="stored-runs" ref={list} tabIndex={-1}>
        {value?.map((run) => (
          <StoredRunItem
            key={run.header.id}
            run={run}
            onClose={onClose}
            onRemove={() => list.current?.focus()}
          />
        ))}
      </ul>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => {
            openShippedRun()
            onClose()
          }}
        >
          Open the one shipped with the page
        </button>
        <button type="button" className="button" onClick={() => field.current?.click()}>
          Open a downloaded run…
        </button>
      </div>
      <input
        ref={field}
        type="file"
        hidden
        aria-label="File of a run"
        accept={RUN_FILES}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (!file) return
          openRunFile(file)
          onClose()
        }}
      />
    </>
  )
}

const dateOf = (iso: string) => {
  const date = new Date(iso)
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
}

interface StoredRunItemProps {
  readonly run: StoredRun
  readonly onClose: () => void
  /** Called before the run, and the focus in it, are gone. */
  readonly onRemove: () => void
}

function StoredRunItem({ run, onClose, onRemove }: StoredRunItemProps) {
  const { header, progress, hasTexts } = run
  const open = useAppStore((state) => state.corpus.run.value?.header.id === header.id)
  const { openRun, removeRun } = useActions()
  const { name } = header.origin
  const unfinished = progress.status === 'paused' || progress.status === 'running'
  const act = (action: () => void) => () => {
    action()
    onClose()
  }
  return (
    <li>
      <div>
        <strong>{name}</strong> <span className="soft">{dateOf(header.startedAt)}</span>
        <p className="soft">
          {runFacts(header)} · {statusInWords(progress)}
          {open && ' · open now'}
        </p>
      </div>
      <AskedRemoval
        verb="Remove"
        name={name}
        question="Remove what was measured?"
        onRemove={() => {
          onRemove()
          removeRun(header.id)
        }}
      >
        {unfinished && hasTexts && (
          <button
            type="button"
            className="button"
            aria-label={`Resume ${name}`}
            onClick={act(() => openRun(header.id, { resume: true }))}
          >
            Resume
          </button>
        )}
        {!open && (
          <button
            type="button"
            className="button"
            aria-label={`Open ${name}`}
            onClick={act(() => openRun(header.id))}
          >
            Open
          </button>
        )}
      </AskedRemoval>
    </li>
  )
}

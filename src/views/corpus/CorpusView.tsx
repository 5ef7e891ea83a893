import { useCallback, useState } from 'react'
import { parseSessionFile } from '../../core/session/sessionFile'
import { isArriving } from '../../state/corpus/corpusSelectors'
import { useActions, useAppStore } from '../appContext'
import { useFileDrop } from '../explore/review/useReviewDrop'
import { CompareDialog } from './CompareDialog'
import { ComparisonPanel } from './ComparisonPanel'
import { CorpusAnnouncer } from './CorpusAnnouncer'
import { CorpusEmpty } from './CorpusEmpty'
import { type CorpusDialog, CorpusHeader } from './CorpusHeader'
import { CorpusOffer } from './CorpusOffer'
import { CorpusFigures } from './figures/CorpusFigures'
import { SettingsDialog } from './SettingsDialog'
import { StoredRunsDialog } from './StoredRuns'
import { droppedKind } from './source/readDroppedCorpus'
import { SourceDialog } from './source/SourceDialog'

/** Draws Corpus: the paper's experiments over many reviews. */
export function CorpusView() {
  const [dialog, setDialog] = useState<CorpusDialog | null>(null)
  const empty = useAppStore((state) => state.corpus.run.status === 'error')
  // After the first result, its replacement is drawn in place.
  const arriving = useAppStore(isArriving)
  const [shown, setShown] = useState(!arriving)
  if (!arriving && !shown) setShown(true)
  const openDropped = useDroppedFile(setDialog)
  const { dropping, handlers } = useFileDrop(openDropped)
  // A dialog that another one replaces closes a moment later.
  const closing =
    (...names: CorpusDialog[]) =>
    () =>
      setDialog((now) => (now && names.includes(now) ? null : now))
  return (
    <main id="corpus" className={classNames({ dropping, waiting: !shown })} aria-busy={!shown} {...handlers}>
      <CorpusOffer onOpen={setDialog} />
      {empty ? (
        <CorpusEmpty onOpen={setDialog} />
      ) : (
        shown && (
          <>
            <CorpusHeader onOpen={setDialog} />
            <ComparisonPanel />
            <CorpusFigures onSettings={() => setDialog('settings')} />
          </>
        )
      )}
      <CorpusAnnouncer />
      <SourceDialog
        open={dialog === 'source' || dialog === 'hub'}
        kind={dialog === 'hub' ? 'hub' : undefined}
        onClose={closing('source', 'hub')}
        onSettings={() => setDialog('settings')}
      />
      <SettingsDialog
        open={dialog === 'settings'}
        onClose={closing('settings')}
        onSource={() => setDialog('source')}
      />
      <CompareDialog open={dialog === 'compare'} onClose={closing('compare')} />
      <StoredRunsDialog open={dialog === 'runs'} onClose={closing('runs')} />
    </main>
  )
}

const classNames = ({ dropping, waiting }: { readonly dropping: boolean; readonly waiting: boolean }) =>
  ['corpus', dropping && 'corpus-dropping', waiting && 'corpus-waiting skeleton'].filter(Boolean).join(' ')

/** Returns the handler of a dropped file: texts are previewed, a run or a session is opened. */
function useDroppedFile(setDialog: (dialog: CorpusDialog) => void): (file: File) => Promise<void> {
  const { chooseSource, openRunFile, replaceSession, notify } = useActions()
  return useCallback(
    async (file) => {
      const kind = await droppedKind(file)
      if (kind === 'run') {
        openRunFile(file)
      } else if (kind === 'session') {
        const result = parseSessionFile(await file.text())
        if (result.ok) replaceSession(result.session)
        else notify({ tone: 'problem', text: `${file.name} was not opened.`, failure: result.failure })
      } else {
        chooseSource({ kind: 'file', file, column: null })
        setDialog('source')
      }
    },
    [chooseSource, openRunFile, replaceSession, notify, setDialog],
  )
}

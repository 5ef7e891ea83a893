import { interruptedRun, isRunning, nextSource, offeredRun } from '../../state/corpus/corpusSelectors'
import { forwardsOf } from '../../state/corpus/corpusSettings'
import { sourceName } from '../../state/corpus/corpusSource'
import { modelInfo } from '../../state/side/sideModel'
import { useActions, useAppStore } from '../appContext'
import type { CorpusDialog } from './CorpusHeader'
import { counted, settingsFacts } from './corpusWords'

/** Offers the next run: the one that a link or the settings ask for, else an interrupted one. */
export function CorpusOffer({ onOpen }: { readonly onOpen: (dialog: CorpusDialog) => void }) {
  const offered = useAppStore(offeredRun)
  const source = useAppStore(nextSource)
  const interrupted = useAppStore(interruptedRun)
  const running = useAppStore(isRunning)
  const layers = useAppStore((state) => modelInfo(state)?.layers)
  const { startRun, openRun } = useActions()
  if (offered) {
    const { settings } = offered
    const over = offered.source ? ` over ${sourceName(offered.source)}` : ''
    const asksForFile = !source && offered.source?.kind === 'file'
    return (
      <div className="corpus-offer" role="status">
        <p>
          Not run yet: a sample of {settings.sampleSize.toLocaleString('en')}
          {over} · {settingsFacts(settings)} · up to{' '}
          {counted(forwardsOf(settings, null, layers), 'model run')}.
          {asksForFile && ' Links do not carry files: choose it on your machine.'}
        </p>
        {source ? (
          <button type="button" className="button button-accent" onClick={() => startRun(source, settings)}>
            Run it
          </button>
        ) : (
          <button type="button" className="button button-accent" onClick={() => onOpen('source')}>
            Choose the texts…
          </button>
        )}
      </div>
    )
  }
  if (!interrupted || running) return null
  const { header, progress } = interrupted
  return (
    <div className="corpus-offer" role="status">
      <p>
        A run over {header.origin.name} stopped at {progress.done.toLocaleString('en')} of{' '}
        {counted(progress.total, 'review')}; what was measured is saved.
      </p>
      <button
        type="button"
        className="button button-accent"
        onClick={() => openRun(header.id, { resume: true })}
      >
        Resume it
      </button>
    </div>
  )
}

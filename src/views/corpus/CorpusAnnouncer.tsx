import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import { counted, statusInWords } from './corpusWords'

/** Describes progress when the status changes, and at every tenth of a run: not at every batch. */
function sentence({ corpus: { progress } }: AppStoreState): string {
  if (!progress) return ''
  const { status, done, total } = progress
  if (status === 'reading') return 'Reading the texts.'
  if (status !== 'running')
    return `Run ${status === 'finished' ? 'finished' : ''} ${statusInWords(progress)}.`
  const tenths = total > 0 ? Math.floor((done / total) * 10) : 0
  return `${tenths * 10}% of ${counted(total, 'review')} measured.`
}

export function CorpusAnnouncer() {
  return (
    <p className="visually-hidden" aria-live="polite">
      {useAppStore(sentence)}
    </p>
  )
}

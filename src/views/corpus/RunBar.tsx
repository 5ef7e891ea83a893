import type { RunProgress } from '../../core/corpus/run'
import { statusInWords } from './corpusWords'

/** Draws the progress of a run as a thin bar; while texts are read their number is not known yet. */
export function RunBar({ progress }: { readonly progress: RunProgress }) {
  const { status, done, total } = progress
  const known = status !== 'reading' && total > 0
  const part = known ? Math.min(1, done / total) : 0
  return (
    <div
      className="run-bar"
      data-status={status}
      role="progressbar"
      aria-label="Run"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.floor(part * 100) : undefined}
      aria-valuetext={statusInWords(progress)}
    >
      <span style={{ width: status === 'reading' ? '100%' : `${part * 100}%` }} />
    </div>
  )
}

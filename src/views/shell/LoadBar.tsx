import type { LoadProgress as Progress } from '../../core/explorer'
import { formatBytes, formatBytesOf } from '../../core/formatBytes'
import { useActions, useAppStore } from '../appContext'

function amount({ loadedBytes, totalBytes }: Progress): string {
  if (totalBytes <= 0) return loadedBytes > 0 ? formatBytes(loadedBytes) : ''
  return formatBytesOf(loadedBytes, totalBytes)
}

/** Draws the loading model in the top bar: a thin bar with MB, and a button to stop it. */
export function LoadBar() {
  const { status, progress, opening } = useAppStore((state) => state.model)
  const { cancelModel } = useActions()
  if (status !== 'loading' && !opening) return null
  const part = progress && progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : 0
  return (
    <div className="load">
      <div
        className="load-bar"
        role="progressbar"
        aria-label="Model load"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={progress ? amount(progress) : undefined}
      >
        <span style={{ width: `${Math.min(1, part) * 100}%` }} />
      </div>
      <span className="load-amount">{progress && amount(progress)}</span>
      <button type="button" className="button-text" onClick={() => cancelModel()}>
        Stop
      </button>
    </div>
  )
}

/** Tells that the model stopped or failed: what happened, what was saved, and how to continue. */
export function LoadFailure() {
  const { status, failure } = useAppStore((state) => state.model)
  const { retryModel } = useActions()
  if (!failure || status === 'ready' || status === 'loading') return null
  const stopped = failure.kind === 'cancelled'
  return (
    <div className="load-failure">
      <p className={stopped ? undefined : 'load-problem'} role="alert">
        {stopped ? 'Loading was stopped; what is on screen stays.' : failure.message} {failure.kept}{' '}
        {failure.advice}
      </p>
      <button type="button" className="button-text" onClick={retryModel}>
        {stopped ? 'Load the model' : 'Try again'}
      </button>
    </div>
  )
}

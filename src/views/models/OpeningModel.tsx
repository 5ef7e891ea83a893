import type { FailureKind } from '../../core/failure'
import { useModelTarget } from './modelTarget'
import { formatSize, requestName } from './modelWords'

/** What the same files may get past the next time; a damaged or missing one stays so. */
const MAY_PASS: readonly FailureKind[] = [
  'network',
  'cancelled',
  'out-of-memory',
  'device-lost',
  'worker-lost',
  'internal',
]

/** A model on its way, or why the last one did not open. */
export function OpeningModel() {
  const { opening, progress, refused, answering, open, cancel } = useModelTarget()
  if (opening) {
    const { stage = 'runtime', loadedBytes = 0, totalBytes = 0 } = progress ?? {}
    const part = totalBytes > 0 ? Math.min(1, loadedBytes / totalBytes) : 0
    const fetching = stage === 'files' && totalBytes > 0
    const amount = fetching ? `${formatSize(loadedBytes)} of ${formatSize(totalBytes)}` : ''
    return (
      <div className="model-opening" role="status">
        <p>
          {fetching ? 'Fetching' : 'Opening'} <strong>{requestName(opening)}</strong> {amount}
          {answering && `. ${answering} answers until then.`}
        </p>
        <div
          className="load-bar"
          role="progressbar"
          aria-label="Model on its way"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
          aria-valuetext={amount || undefined}
        >
          <span style={{ width: `${part * 100}%` }} />
        </div>
        <button type="button" className="button" onClick={cancel}>
          Stop
        </button>
      </div>
    )
  }
  if (!refused) return null
  const { request: asked, failure } = refused
  const stopped = failure.kind === 'cancelled'
  return (
    <div className="model-refused" role="alert">
      <p className={stopped ? undefined : 'problem'}>
        <strong>{requestName(asked)}</strong>{' '}
        {stopped ? 'was stopped. What was fetched is kept.' : `was not opened. ${failure.message}`}
      </p>
      <p className="soft">
        {answering && `${answering} is still open.`} {!stopped && failure.advice}
      </p>
      {MAY_PASS.includes(failure.kind) && (
        <button type="button" className="button" onClick={() => open(asked)}>
          {stopped ? 'Go on' : 'Try again'}
        </button>
      )}
    </div>
  )
}

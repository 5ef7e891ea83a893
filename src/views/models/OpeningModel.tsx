import { useEffect, useRef, useState } from 'react'
import type { LoadProgress } from '../../core/explorer'
import type { Failure, FailureKind } from '../../core/failure'
import { formatBytes, formatBytesOf } from '../../core/formatBytes'
import { modelsAmong } from '../../core/modelFolders'
import { BUILT_IN_VOCABULARY, type ModelRequest } from '../../core/modelSource'
import { useModelTarget } from './modelTarget'
import { requestName } from './modelWords'

/** Kinds of failure that the same files may not have the next time; damaged or missing files fail again. */
const MAY_PASS: readonly FailureKind[] = [
  'network',
  'cancelled',
  'out-of-memory',
  'device-lost',
  'worker-lost',
  'internal',
]

/** Shows the model that is loading, or why the last one did not open. */
export function OpeningModel() {
  const { opening, refused, opened, openId } = useModelTarget()
  const [openedBefore] = useState(opened)
  const isOpened = opened > openedBefore && openId !== null
  return (
    <>
      <p className="visually-hidden" role="status">
        {opening ? `Opening ${requestName(opening)}.` : isOpened && `${openId} is open.`}
      </p>
      {opening ? <Opening request={opening} /> : refused && <Refused {...refused} />}
    </>
  )
}

function amountOf({ stage, loadedBytes, totalBytes }: LoadProgress): string {
  if (stage !== 'files' || loadedBytes + totalBytes === 0) return ''
  return totalBytes > 0 ? formatBytesOf(loadedBytes, totalBytes) : formatBytes(loadedBytes)
}

function Opening({ request }: { readonly request: ModelRequest }) {
  const { progress, answering, cancel } = useModelTarget()
  const panel = useRef<HTMLDivElement>(null)
  // The pressed button may be far below.
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const amount = progress ? amountOf(progress) : ''
  const part = progress && progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : 0
  const percent = amount ? 100 * Math.min(1, part) : 0
  return (
    <div className="model-opening" ref={panel}>
      <p>
        {amount ? 'Fetching' : 'Opening'} <strong>{requestName(request)}</strong>
        {amount && ` ${amount}`}
        {answering && `. ${answering} answers until then.`}
      </p>
      <div
        className="load-bar"
        role="progressbar"
        aria-label="Model on its way"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
        aria-valuetext={amount || undefined}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <button type="button" className="button" onClick={cancel}>
        Stop
      </button>
    </div>
  )
}

interface RefusedProps {
  readonly request: ModelRequest
  readonly failure: Failure
}

function Refused({ request, failure }: RefusedProps) {
  const { answering, open } = useModelTarget()
  const stopped = failure.kind === 'cancelled'
  const models = request.kind === 'files' ? modelsAmong(request) : []
  const name = <strong>{requestName(request)}</strong>
  return (
    <div className={stopped ? 'model-opening' : 'model-refused'} role="alert">
      {stopped ? (
        <p>
          {name} was stopped.{request.kind === 'hub' && ' What was fetched is saved.'}
        </p>
      ) : (
        <p className="problem">
          {name} was not opened. {failure.message}
        </p>
      )}
      <p className="soft">
        {answering && `${answering} is still open.`} {!stopped && failure.advice}
      </p>
      {failure.offer && request.kind !== 'built-in' && (
        <button
          type="button"
          className="button"
          onClick={() => open({ ...request, tokenizer: BUILT_IN_VOCABULARY })}
        >
          Read it with the built-in vocabulary
        </button>
      )}
      {models.length > 1 && (
        <div className="row">
          {models.map((model) => (
            <button key={model.name} type="button" className="button" onClick={() => open(model)}>
              Open {model.name}
            </button>
          ))}
        </div>
      )}
      {MAY_PASS.includes(failure.kind) && (
        <button type="button" className="button" onClick={() => open(request)}>
          {stopped && request.kind === 'hub' ? 'Go on' : 'Try again'}
        </button>
      )}
    </div>
  )
}

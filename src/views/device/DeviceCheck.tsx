import { useState } from 'react'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import { useActions, useAppStore } from '../appContext'
import { DeviceReportView } from './DeviceReportView'
import '../learn/learn.css'

/** Draws "Check my device": the results of the user's browser and device, compared with PyTorch's. */
export default function DeviceCheck() {
  const present = useAppStore((state) => state.services.device !== null)
  return present && <ServedCheck />
}

function ServedCheck() {
  const status = useAppStore((state) => state.deviceCheck.status)
  const report = useAppStore((state) => state.deviceCheck.report)
  const failure = useAppStore((state) => state.deviceCheck.failure)
  const hasReference = useAppStore((state) => state.deviceCheck.hasReference)
  const { checkDevice } = useActions()
  const modelReady = useAppStore((state) => state.model.status === 'ready')
  const device = useAppStore((state) => state.model.info?.provenance.device ?? null)
  const model = useAppStore((state) => state.model.info?.id ?? '')
  return (
    <section className="device-check" aria-labelledby="device-check-heading">
      <h3 id="device-check-heading">Are the numbers right on this device?</h3>
      {status === 'running' ? (
        <Progress />
      ) : (
        <>
          <p className="soft">
            Graphics drivers do return wrong numbers now and then. The check measures a few texts with the
            model as it runs here and compares every number with what PyTorch computes.
          </p>
          <div className="row">
            <button type="button" className="button" disabled={!modelReady} onClick={checkDevice}>
              {report ? 'Check again' : 'Check my device'}
            </button>
            {!modelReady && <span className="soft">As soon as the model is open.</span>}
          </div>
        </>
      )}
      <div role="status">
        {status === 'stopped' && <p>The check was stopped{report ? '; the former report stays' : ''}.</p>}
        {!hasReference && (
          <p>
            No reference comes with the page for {model}: only the built-in model can be checked against
            PyTorch. Open the built-in model to check this device.
          </p>
        )}
        {status === 'failed' && (
          <p className="device-problem">
            {failure?.message} {failure?.kept} {failure?.advice}
          </p>
        )}
        {status === 'done' && hasReference && report && (
          <Verdict trusted={report.trusted} device={report.provenance.device} />
        )}
      </div>
      {report && hasReference && (
        <>
          {device !== null && device !== report.provenance.device && (
            <p className="soft">
              The report below is of {report.provenance.device}; the model now runs on {device}. Check again.
            </p>
          )}
          <DeviceReportView report={report} />
        </>
      )}
    </section>
  )
}

function Progress() {
  const { done, total } = useAppStore((state) => state.deviceCheck.progress) ?? { done: 0, total: 0 }
  const { stopDeviceCheck } = useActions()
  return (
    <div className="device-progress">
      <div
        className="load-bar"
        role="progressbar"
        aria-label="Device check"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${total > 0 ? (done / total) * 100 : 0}%` }} />
      </div>
      <span className="soft">
        {total > 0 ? `${done} of ${total} measurements` : 'Fetching the reference'}
      </span>
      <button type="button" className="button-text" onClick={stopDeviceCheck}>
        Stop
      </button>
    </div>
  )
}

function Verdict({ trusted, device }: { readonly trusted: boolean; readonly device: string }) {
  const { setDevicePreference } = useActions()
  const [switching, setSwitching] = useState(false)
  const limit = TRUSTED_DIFFERENCE.toExponential(0)
  if (trusted) {
    return (
      <p className="device-verdict" data-trusted>
        The numbers can be trusted: on {device} every one is PyTorch’s, within a relative difference of{' '}
        {limit}.
      </p>
    )
  }
  const isWasm = device.startsWith('WASM')
  return (
    <div className="device-verdict">
      <p>
        Do not trust the numbers of {device}: they are not PyTorch’s within a relative difference of {limit}.{' '}
        {isWasm
          ? 'WASM should be exact everywhere. Try another browser, and please send the report.'
          : 'A driver of this machine computes them wrongly. WASM is slower here perhaps, and exact.'}
      </p>
      {!isWasm && (
        <button
          type="button"
          className="button button-accent"
          disabled={switching}
          onClick={() => {
            setSwitching(true)
            setDevicePreference('wasm')
          }}
        >
          {switching ? 'WASM takes over…' : 'Switch to WASM'}
        </button>
      )}
    </div>
  )
}

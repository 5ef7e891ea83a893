import { useState } from 'react'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import { hasPython } from '../../core/exports/pythonModel'
import type { DeviceReport } from '../../state/device/deviceCheckState'
import { yardstickName } from '../../state/device/deviceReportText'
import { useActions, useAppStore } from '../appContext'
import { DeviceReportView } from './DeviceReportView'
import '../learn/learn.css'

/** Draws "Check my device": the results of the user's devices, compared with PyTorch's or with each other. */
export default function DeviceCheck() {
  const present = useAppStore((state) => state.services.device !== null)
  return present && <ServedCheck />
}

function ServedCheck() {
  const status = useAppStore((state) => state.deviceCheck.status)
  const report = useAppStore((state) => state.deviceCheck.report)
  const failure = useAppStore((state) => state.deviceCheck.failure)
  const { checkDevice } = useActions()
  const modelReady = useAppStore((state) => state.model.status === 'ready')
  const formerly = useAppStore((state) => {
    const open = state.model.info
    const checked = state.deviceCheck.report
    if (!open || !checked) return null
    const same = open.provenance.sha256 === checked.model.provenance.sha256
    if (!same) return checked.model.id
    const { device } = open.provenance
    // With two devices either may answer: both were measured.
    return checked.speeds.some((speed) => speed.device === device) ? null : checked.provenance.device
  })
  const now = useAppStore((state) => {
    const { id, provenance } = state.model.info ?? { id: '', provenance: { device: '' } }
    return `${id} on ${provenance.device}`
  })
  return (
    <section className="device-check" aria-labelledby="device-check-heading">
      <h3 id="device-check-heading">Are the numbers right on this device?</h3>
      {status === 'running' ? (
        <Progress />
      ) : (
        <>
          <p className="soft">
            Graphics drivers do return wrong numbers now and then. The check measures a few texts with the
            open model. For the built-in model it compares every number with what PyTorch computes; for any
            other it compares WebGPU with WASM, and writes the program that compares with PyTorch.
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
        {status === 'failed' && (
          <p className="device-problem">
            {failure?.message} {failure?.kept} {failure?.advice}
          </p>
        )}
        {status === 'done' && report && <Verdict report={report} />}
      </div>
      {report && (
        <>
          {formerly && (
            <p className="soft">
              The report below is of {formerly}; now {now} is open. Check again.
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
      <span className="soft">{total > 0 ? `${done} of ${total} measurements` : 'Preparing'}</span>
      <button type="button" className="button-text" onClick={stopDeviceCheck}>
        Stop
      </button>
    </div>
  )
}

function Verdict({ report }: { readonly report: DeviceReport }) {
  const { setDevicePreference } = useActions()
  const [switching, setSwitching] = useState(false)
  const answering = useAppStore((state) => state.model.info?.provenance.device ?? '')
  const { against, trusted, model, adapter } = report
  const { device } = report.provenance
  const limit = TRUSTED_DIFFERENCE.toExponential(0)
  const program = hasPython(model)
    ? 'The program below measures the same with PyTorch and compares.'
    : 'transformers cannot load this file, so there is no program that compares with PyTorch.'
  if (!against) {
    return (
      <p className="device-verdict" data-alone>
        Nothing to compare with: PyTorch’s numbers of {model.id} do not come with the page, and this browser
        offers no WebGPU beside {device}. {program}
      </p>
    )
  }
  const name = yardstickName(against)
  if (trusted) {
    return (
      <p className="device-verdict" data-trusted>
        {against.kind === 'pytorch'
          ? `The numbers can be trusted: on ${device} every one is PyTorch’s, within a relative difference of ${limit}.`
          : `${device} and ${name} agree on ${model.id}: every number is the same, within a relative difference of ${limit}. A mistake that both made alike would not show here. ${program}`}
      </p>
    )
  }
  const isWasm = device.startsWith('WASM')
  return (
    <div className="device-verdict">
      <p>
        Do not trust the numbers of {device}
        {adapter && against.kind === 'wasm' ? ` (${adapter})` : ''}: they are not{' '}
        {name === 'PyTorch' ? 'PyTorch’s' : `those of ${name}`} within a relative difference of {limit}.{' '}
        {isWasm
          ? 'WASM should be exact everywhere. Try another browser, and please send the report.'
          : 'A driver of this machine computes them wrongly. WASM is slower here perhaps, and exact.'}
      </p>
      {!isWasm && !answering.startsWith('WASM') && (
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
      {!isWasm && answering.startsWith('WASM') && <p>The page answers with {answering}.</p>}
    </div>
  )
}

import { useState } from 'react'
import { DataTable } from '../../charts/DataTable'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import type { DeviceReport } from '../../state/device/deviceCheckState'
import {
  browserName,
  deviceReportText,
  differenceInWords,
  MEASURE_NAMES,
  speedInWords,
  threadsInWords,
} from '../../state/device/deviceReportText'
import { copyText } from '../download'

/** Shows the numbers of a check, and the report as text to copy. */
export function DeviceReportView({ report }: { readonly report: DeviceReport }) {
  const { differences, speed, provenance, adapter, browser } = report
  return (
    <>
      <DataTable
        caption="Largest differences from PyTorch"
        columns={[
          { heading: 'measure' },
          { heading: 'largest relative difference', numeric: true },
          { heading: 'limit', numeric: true },
        ]}
        rows={differences.map(({ measure, relative }) => {
          const over = relative >= TRUSTED_DIFFERENCE
          const shown = differenceInWords(relative)
          return {
            id: measure,
            marked: over,
            cells: [
              MEASURE_NAMES[measure],
              over ? `over: ${shown}` : shown,
              TRUSTED_DIFFERENCE.toExponential(0),
            ],
          }
        })}
      />
      <dl className="facts">
        <dt>Tokens, neighbours</dt>
        <dd>
          tokens {report.tokensMatch ? 'the same' : 'not the same'}, neighbours and their order{' '}
          {report.neighborsMatch ? 'the same' : 'not the same'}; {report.compared.toLocaleString('en')}{' '}
          numbers compared
        </dd>
        <dt>Speed</dt>
        <dd>
          {Math.round(speed.tokensPerSecond).toLocaleString('en')} tokens per second
          <span className="device-how soft">{speedInWords(report)}.</span>
        </dd>
        <dt>Device</dt>
        <dd>{provenance.device}</dd>
        <dt>WebGPU adapter</dt>
        <dd>{adapter ?? 'none offered by this browser'}</dd>
        <dt>Threads</dt>
        <dd>{threadsInWords(report)}</dd>
        <dt>Browser</dt>
        <dd>{browserName(browser)}</dd>
      </dl>
      <CopyReport text={deviceReportText(report)} />
    </>
  )
}

function CopyReport({ text }: { readonly text: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'denied' | null>(null)
  return (
    <div>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={async () => setOutcome((await copyText(text)) ? 'copied' : 'denied')}
        >
          Copy the report
        </button>
        <span className="soft" role="status">
          {outcome === 'copied' && 'Copied.'}
          {outcome === 'denied' && 'The browser keeps the clipboard to itself: select the text below.'}
        </span>
      </div>
      {outcome === 'denied' && (
        <textarea
          className="field device-text"
          aria-label="Report of the device check"
          readOnly
          value={text}
        />
      )}
    </div>
  )
}

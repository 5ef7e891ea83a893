import { Fragment, useState } from 'react'
import { DataTable } from '../../charts/DataTable'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import type { DeviceReport, Yardstick } from '../../state/device/deviceCheckState'
import {
  browserName,
  deviceProgram,
  deviceReportText,
  differenceInWords,
  MEASURE_NAMES,
  speedInWords,
  threadsInWords,
} from '../../state/device/deviceReportText'
import { copyText } from '../download'

/** Shows the numbers of a check, the report as text to copy, and the program that measures with PyTorch. */
export function DeviceReportView({ report }: { readonly report: DeviceReport }) {
  const { against, speeds, provenance, adapter, browser } = report
  const program = deviceProgram(report)
  return (
    <>
      {against ? <Differences report={report} against={against} /> : <Measured report={report} />}
      <dl className="facts">
        {against && (
          <>
            <dt>Tokens, neighbours</dt>
            <dd>
              tokens {report.tokensMatch ? 'the same' : 'not the same'}, neighbours and their order{' '}
              {report.neighborsMatch ? 'the same' : 'not the same'}; {report.compared.toLocaleString('en')}{' '}
              numbers compared
            </dd>
          </>
        )}
        {speeds.map((speed) => (
          <Fragment key={speed.device}>
            <dt>Speed{speeds.length > 1 && `, ${speed.device}`}</dt>
            <dd>
              {Math.round(speed.tokensPerSecond).toLocaleString('en')} tokens per second
              <span className="device-how soft">{speedInWords(speed)}.</span>
            </dd>
          </Fragment>
        ))}
        <dt>Device</dt>
        <dd>{provenance.device}</dd>
        <dt>WebGPU adapter</dt>
        <dd>{adapter ?? 'none offered by this browser'}</dd>
        <dt>Threads</dt>
        <dd>{threadsInWords(report)}</dd>
        <dt>Browser</dt>
        <dd>{browserName(browser)}</dd>
      </dl>
      <CopyText name="Copy the report" label="Report of the device check" text={deviceReportText(report)} />
      {program !== null && (
        <CopyText name="Copy as Python" label="Program that measures with PyTorch" text={program} />
      )}
    </>
  )
}

function Differences({ report, against }: { readonly report: DeviceReport; readonly against: Yardstick }) {
  return (
    <DataTable
      caption={
        against.kind === 'pytorch'
          ? 'Largest differences from PyTorch'
          : `Largest differences of ${report.provenance.device} from ${against.device}`
      }
      columns={[
        { heading: 'measure' },
        { heading: 'largest relative difference', numeric: true },
        { heading: 'limit', numeric: true },
      ]}
      rows={report.differences.map(({ measure, relative }) => {
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
  )
}

/** Shows what one device measured where nothing could be compared. */
function Measured({ report: { sample, provenance } }: { readonly report: DeviceReport }) {
  const [{ position }] = sample.substitutions
  return (
    <DataTable
      caption={`Distance by layer on ${provenance.device}: “${sample.text}”, token ${position} changed`}
      columns={[
        { heading: 'layer', numeric: true },
        { heading: 'D_l', numeric: true },
      ]}
      rows={sample.distances.map((distance, layer) => ({
        id: String(layer),
        cells: [String(layer), distance.toPrecision(6)],
      }))}
    />
  )
}

interface CopyTextProps {
  /** Name of the button. */
  readonly name: string
  /** Name of the field that shows the text where it cannot be copied. */
  readonly label: string
  readonly text: string
}

function CopyText({ name, label, text }: CopyTextProps) {
  const [outcome, setOutcome] = useState<'copied' | 'denied' | null>(null)
  return (
    <div>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={async () => setOutcome((await copyText(text)) ? 'copied' : 'denied')}
        >
          {name}
        </button>
        <span className="soft" role="status">
          {outcome === 'copied' && 'Copied.'}
          {outcome === 'denied' && 'The browser keeps the clipboard to itself: select the text below.'}
        </span>
      </div>
      {outcome === 'denied' && (
        <textarea className="field device-text" aria-label={label} readOnly value={text} />
      )}
    </div>
  )
}

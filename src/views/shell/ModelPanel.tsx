import { lazy, Suspense } from 'react'
import { formatBytes } from '../../core/formatBytes'
import type { DevicePreference } from '../../state/model/modelSlot'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'

/** Loaded when the panel is opened. */
const DeviceCheck = lazy(() => import('../device/DeviceCheck'))

const HostsPanel = lazy(async () => {
  const { HostsPanel } = await import('./HostsPanel')
  return { default: HostsPanel }
})

const DEVICES: readonly (readonly [DevicePreference, string])[] = [
  ['auto', 'Auto'],
  ['wasm', 'WASM'],
  ['webgpu', 'WebGPU'],
]

/** Shows everything known about the open model, and the device on which it runs. */
export function ModelPanel({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { status, info, failure, devicePreference, deviceNote } = useAppStore((state) => state.model)
  const { setDevicePreference, retryModel } = useActions()
  return (
    <Dialog open={open} title="Model" onClose={onClose}>
      {info ? (
        <dl className="facts">
          <Fact name="Model" value={info.id} />
          <Fact name="Family" value={info.family} />
          <Fact name="Layers × width" value={`${info.layers} × ${info.width}`} />
          <Fact name="Parameters" value={`${(info.parameters / 1e6).toFixed(1)} million`} />
          <Fact name="Vocabulary" value={`${info.vocabularySize.toLocaleString('en')} tokens`} />
          {info.details?.tokenizer && <Fact name="Tokenizer" value={`of ${info.details.tokenizer}`} />}
          <Fact name="Longest text" value={`${info.maxTokens} tokens, special ones included`} />
          <Fact name="Labels" value={info.labels.length > 0 ? info.labels.join(', ') : 'none: no head'} />
          <Fact name="Weights" value={info.provenance.precision} />
          <Fact name="File" value={formatBytes(info.bytes)} />
          <Fact name="sha256" value={info.provenance.sha256} />
          <Fact name="Runs on" value={info.provenance.device} />
        </dl>
      ) : (
        <p>
          The model is not open yet. What you see was computed with it beforehand and ships with the page.
        </p>
      )}
      {status === 'error' && (
        <p role="alert">
          {failure?.message} {failure?.kept} {failure?.advice}{' '}
          <button type="button" className="button" onClick={retryModel}>
            Try again
          </button>
        </p>
      )}
      <fieldset>
        <legend className="soft">Device</legend>
        <div className="segments">
          {DEVICES.map(([value, name]) => (
            <label key={value}>
              <input
                type="radio"
                name="device"
                checked={devicePreference === value}
                onChange={() => setDevicePreference(value)}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <p className="soft">
        {deviceNote ??
          'Auto: WASM answers first; a WebGPU adapter is tried in idle time and used where it agrees and is faster.'}
      </p>
      <Suspense fallback={null}>
        <DeviceCheck />
      </Suspense>
      <Suspense fallback={null}>
        <HostsPanel />
      </Suspense>
    </Dialog>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

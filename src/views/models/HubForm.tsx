import { type FormEvent, useId, useRef, useState } from 'react'
import { type Failure, failureOf } from '../../core/failure'
import { type HubModelPlan, idOfHub, MAIN_REVISION, originOf } from '../../core/modelSource'
import { useHubServices } from './hubServices'
import { useModelTarget } from './modelTarget'
import { FORMAT_NAMES, formatSize } from './modelWords'

/** More than this seldom fits a tab: the weights are there twice while they open. */
const LARGE_BYTES = 1.5e9

type Looked =
  | { readonly status: 'idle' }
  | { readonly status: 'looking' }
  | { readonly status: 'found'; readonly plan: HubModelPlan }
  | { readonly status: 'failed'; readonly failure: Failure }

/** A model of the hub by its name. The hub is asked only when the button is pressed, and the files named before they are fetched. */
export function HubForm() {
  const hub = useHubServices()
  const { offeredId: offered } = useModelTarget()
  const headingId = useId()
  const [offeredId, offeredRevision = ''] = originOf(offered) === 'hub' ? offered.split(/@(.*)/) : ['']
  const [id, setId] = useState<string | null>(null)
  const [revision, setRevision] = useState<string | null>(null)
  const [looked, setLooked] = useState<Looked>({ status: 'idle' })
  const running = useRef<AbortController | null>(null)
  const name = id ?? offeredId
  const wantedRevision = revision ?? offeredRevision

  const stop = () => {
    running.current?.abort()
    running.current = null
    setLooked({ status: 'idle' })
  }
  const look = async (event: FormEvent) => {
    event.preventDefault()
    if (!hub || name.trim() === '') return
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setLooked({ status: 'looking' })
    try {
      const source = await hub.name(name, wantedRevision)
      const plan = await hub.plan(source, controller.signal)
      if (running.current === controller) setLooked({ status: 'found', plan })
    } catch (thrown) {
      if (running.current === controller) setLooked({ status: 'failed', failure: failureOf(thrown) })
    }
  }
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value)
    if (looked.status !== 'idle') stop()
  }
  return (
    <section className="model-source" aria-labelledby={headingId}>
      <h3 id={headingId}>From the Hugging Face hub</h3>
      <form className="model-form" onSubmit={look}>
        <Field label="Model" value={name} placeholder="owner/name" onChange={edit(setId)} />
        <Field
          label="Revision"
          value={wantedRevision}
          placeholder={MAIN_REVISION}
          onChange={edit(setRevision)}
        />
        <button type="submit" className="button" aria-disabled={!hub || name.trim() === ''}>
          Look it up
        </button>
      </form>
      <p className="soft">
        Looking it up asks huggingface.co for the list of files, which then sees your address and the model’s
        name. Weights are fetched only after you have seen their size.
      </p>
      {looked.status === 'looking' && (
        <div className="row" role="status">
          <p>Asking the hub…</p>
          <button type="button" className="button" onClick={stop}>
            Stop
          </button>
        </div>
      )}
      {looked.status === 'failed' && (
        <p role="alert" className="problem">
          {looked.failure.message} {looked.failure.advice}
        </p>
      )}
      {looked.status === 'found' && <Plan plan={looked.plan} onClose={stop} />}
    </section>
  )
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
}

function Field({ label, value, placeholder, onChange }: FieldProps) {
  return (
    <label>
      {label}
      <input
        className="field"
        value={value}
        placeholder={placeholder}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}

function Plan({ plan, onClose }: { readonly plan: HubModelPlan; readonly onClose: () => void }) {
  const { open, opening } = useModelTarget()
  const busy = opening !== null
  const missing = plan.bytes - plan.keptBytes
  return (
    <div className="model-plan" role="status">
      <p>
        <strong>{idOfHub(plan.source)}</strong>: {plan.family}, {FORMAT_NAMES[plan.format]}, commit{' '}
        {plan.commit.slice(0, 10)}
        {plan.offline && ' (the hub does not answer: this is what it said the last time)'}
      </p>
      <table className="model-files">
        <caption className="visually-hidden">Files to fetch</caption>
        <tbody>
          {plan.files.map(({ path, bytes }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td>{formatSize(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.bytes > LARGE_BYTES && (
        <p className="problem">
          {formatSize(plan.bytes)} of weights are more than most browsers give a tab. It may be refused for
          want of memory; what is open then stays open.
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="button button-accent"
          aria-disabled={busy}
          onClick={() => {
            if (!busy) open(plan.source)
          }}
        >
          {missing > 0 ? `Fetch ${formatSize(missing)} and open` : 'Open it: all is kept here'}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Not now
        </button>
        {plan.keptBytes > 0 && missing > 0 && (
          <span className="soft">{formatSize(plan.keptBytes)} of it are kept from before.</span>
        )}
      </div>
    </div>
  )
}

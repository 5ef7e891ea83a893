import { type FormEvent, useId, useRef, useState } from 'react'
import { MAIN_REVISION } from '../../core/modelSource'
import { LookupResult } from './LookupResult'
import { ModelField } from './ModelField'
import { HUB_HOST } from './modelWords'
import { useLookup } from './useLookup'

/**
 * Draws the form for a model of the hub by its name. The hub is asked only when the button is pressed, and the files
 * are listed before they are fetched.
 */
export function HubForm() {
  const lookup = useLookup()
  const headingId = useId()
  const [name, setName] = useState('')
  const [revision, setRevision] = useState('')
  const [token, setToken] = useState('')
  const given = useRef('')
  const ready = lookup.look !== null && name.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    lookup.look?.(async (hub) => {
      // Another form may have set one meanwhile.
      if (token !== given.current) await hub.takeToken(token)
      given.current = token
      return hub.name(name, revision)
    })
  }
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value)
    lookup.stop()
  }
  return (
    <section className="model-source" aria-labelledby={headingId}>
      <h3 id={headingId}>From the Hugging Face hub</h3>
      <form className="model-form" onSubmit={submit}>
        <ModelField label="Model" value={name} placeholder="owner/name" onChange={edit(setName)} />
        <ModelField
          label="Revision"
          value={revision}
          placeholder={MAIN_REVISION}
          onChange={edit(setRevision)}
        />
        <button type="submit" className="button" aria-disabled={!ready}>
          Look it up
        </button>
      </form>
      <details className="model-token">
        <summary>For a gated or private model</summary>
        <div className="model-form">
          <ModelField label="Read token" value={token} placeholder="hf_…" secret onChange={edit(setToken)} />
        </div>
        <p className="soft">
          A token of your account that may read it, from {HUB_HOST}/settings/tokens. It is sent to {HUB_HOST}{' '}
          alone, held until this page is closed, and saved nowhere.
        </p>
      </details>
      <p className="soft">
        Looking it up asks {HUB_HOST} for the list of files, which then sees your address and the model’s
        name. Weights are fetched only after you have seen their size.
      </p>
      <LookupResult lookup={lookup} host={HUB_HOST} />
    </section>
  )
}

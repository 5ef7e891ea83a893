import { type FormEvent, useState } from 'react'
import { LookupResult } from './LookupResult'
import { ModelField } from './ModelField'
import { hostOf } from './modelWords'
import { useLookup } from './useLookup'

/** Draws the form for a folder hosted with the page, for those who host it themselves. */
export function UrlForm() {
  const lookup = useLookup()
  const [url, setUrl] = useState('')
  const ready = lookup.look !== null && url.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) lookup.look?.(async () => ({ kind: 'url', url: url.trim() }))
  }
  const edit = (value: string) => {
    setUrl(value)
    lookup.stop()
  }
  return (
    <details className="model-source">
      <summary>From an address on this page’s own host</summary>
      <div className="model-address">
        <form className="model-form" onSubmit={submit}>
          <ModelField
            label="Address of the folder"
            value={url}
            placeholder="models/my-model/"
            onChange={edit}
          />
          <button type="submit" className="button" aria-disabled={!ready}>
            Look it up
          </button>
        </form>
        <p className="soft">
          Looking it up asks {hostOf('')} for the size of each file. The page’s Content-Security-Policy lets
          it fetch from its own host and from the hub, nowhere else.
        </p>
        <LookupResult lookup={lookup} host={hostOf(url)} />
      </div>
    </details>
  )
}

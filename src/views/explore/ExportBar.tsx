import { useState } from 'react'
import type { Session } from '../../core/session/session'
import { canExportPython, exportJson, exportLayersCsv, exportPython } from '../../state/explore/exports'
import { useActions, useAppStore, useAppStoreApi } from '../appContext'
import { copyText, download } from '../download'
import { Exports, SpreadsheetOption } from '../Exports'

const NOTHING = 'Nothing is measured yet: choose a token of the review first.'

const NOT_LOADED =
  'transformers cannot load the file of this model, so no Python snippet is written; take the numbers as JSON or CSV.'

/** Exports the numbers on screen. Each chart has a menu of its own. */
export function ExportBar() {
  return (
    <section className="row" aria-label="Export">
      <Exports
        title="Layers"
        name="ripplescope-layers"
        look="bar"
        csv={exportLayersCsv}
        nothing={NOTHING}
        tip="The layer table of this comparison and the pins"
      />
      <Exports
        title="Everything"
        name="ripplescope"
        look="bar"
        json={exportJson}
        nothing={NOTHING}
        tip="Everything on screen, with model and text"
      />
      <CopyPython />
      <SpreadsheetOption />
    </section>
  )
}

function CopyPython() {
  const store = useAppStoreApi()
  const { notify } = useActions()
  // Session whose snippet was copied last: after the next change the page no longer says "Copied".
  const [copied, setCopied] = useState<Session | null>(null)
  const session = useAppStore((state) => state.session)
  const copy = async () => {
    if (!canExportPython(store.getState())) {
      notify({ tone: 'info', text: NOT_LOADED })
      return
    }
    const snippet = exportPython(store.getState())
    if (snippet === null) notify({ tone: 'info', text: NOTHING })
    else if (await copyText(snippet)) setCopied(store.getState().session)
    else {
      download('ripplescope.py', snippet, 'text/x-python')
      notify({
        tone: 'info',
        text: 'The browser keeps the clipboard to itself: the snippet was saved as ripplescope.py.',
      })
    }
  }
  return (
    <>
      <button
        type="button"
        className="button"
        title="A program that prints these numbers with transformers and torch"
        onClick={copy}
      >
        Copy as Python
      </button>
      <span className="soft" role="status">
        {copied === session && 'Copied.'}
      </span>
    </>
  )
}

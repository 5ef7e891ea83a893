import { useId, useMemo, useRef, useState } from 'react'
import { EMBED_PANELS, type EmbedPanel, embedFragment, embedSnippet } from '../../state/learn/embed'
import { activeSubstitutions, currentTokens, substitutionsLabel } from '../../state/selectors'
import { useAppStore } from '../appContext'
import { copyText } from '../download'
import '../learn/learn.css'

const NAMES: Readonly<Record<EmbedPanel, string>> = {
  review: 'Review',
  neighbors: 'Substitutes',
  curve: 'Distance by layer',
  ripple: 'Ripple',
}

/** Draws "Copy as embed": chosen panels of this session as a frame for another page. */
export default function EmbedSnippet() {
  const session = useAppStore((state) => state.session)
  const change = useAppStore((state) =>
    substitutionsLabel(state, currentTokens(state), activeSubstitutions(state) ?? []),
  )
  const [panels, setPanels] = useState<readonly EmbedPanel[]>(['curve'])
  const [outcome, setOutcome] = useState<'copied' | 'selected' | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const headingId = useId()
  const snippet = useMemo(() => {
    const fragment = embedFragment(session, panels)
    const { origin, pathname, search } = window.location
    const title = change === '' ? 'Ripplescope' : `Ripplescope: ${change}`
    return fragment && embedSnippet(`${origin}${pathname}${search}${fragment}`, title, panels)
  }, [session, panels, change])

  const toggle = (panel: EmbedPanel) => {
    setOutcome(null)
    const next = EMBED_PANELS.filter((name) =>
      name === panel ? !panels.includes(name) : panels.includes(name),
    )
    if (next.length > 0) setPanels(next)
  }
  const copy = async () => {
    if (snippet && (await copyText(snippet))) setOutcome('copied')
    else {
      field.current?.select()
      setOutcome('selected')
    }
  }
  return (
    <section className="embed-snippet" aria-labelledby={headingId}>
      <h3 id={headingId}>Embed in a page</h3>
      {snippet === null ? (
        <p>This session is too long for a link, so it cannot be embedded.</p>
      ) : (
        <>
          <p className="soft">
            A frame for a course page or a paper’s supplement. It shows what is shipped, and loads the model
            only when a reader touches it.
          </p>
          <fieldset className="row">
            <legend className="visually-hidden">Panels of the frame</legend>
            {EMBED_PANELS.map((panel) => (
              <label key={panel} className="check">
                <input type="checkbox" checked={panels.includes(panel)} onChange={() => toggle(panel)} />
                {NAMES[panel]}
              </label>
            ))}
          </fieldset>
          <textarea
            ref={field}
            className="field embed-code"
            aria-label="HTML of the frame"
            readOnly
            rows={4}
            value={snippet}
            onFocus={(event) => event.currentTarget.select()}
          />
          <div className="row">
            <button type="button" className="button" onClick={copy}>
              Copy as embed
            </button>
            <span className="soft" role="status">
              {outcome === 'copied' && 'Copied.'}
              {outcome === 'selected' &&
                'The browser keeps the clipboard to itself: the HTML is selected, press Ctrl + C.'}
            </span>
          </div>
        </>
      )}
    </section>
  )
}

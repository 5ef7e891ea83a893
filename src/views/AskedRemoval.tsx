import { type ReactNode, useState } from 'react'

interface AskedRemovalProps {
  /** Label of the button: `Remove`. */
  readonly verb: string
  /** Name of the item that is removed. */
  readonly name: string
  readonly question: string
  readonly onRemove: () => void
  /** Other actions on the item. */
  readonly children?: ReactNode
}

/** Focuses a button when it appears, not at each render. */
const focusOnce = (button: HTMLButtonElement | null) => button?.focus()

/** Draws the actions on a saved item; its removal asks for confirmation. */
export function AskedRemoval({ verb, name, question, onRemove, children }: AskedRemovalProps) {
  const [asked, setAsked] = useState<'not yet' | 'now' | 'before'>('not yet')
  if (asked === 'now') {
    return (
      <div className="row" key="asked">
        <p>{question}</p>
        <button type="button" className="button button-accent" onClick={onRemove}>
          {verb}
        </button>
        {/* The focus goes to the answer that loses nothing. */}
        <button type="button" className="button" ref={focusOnce} onClick={() => setAsked('before')}>
          Keep
        </button>
      </div>
    )
  }
  return (
    <div className="row" key="at rest">
      {children}
      <button
        type="button"
        className="button"
        aria-label={`${verb} ${name}…`}
        ref={asked === 'before' ? focusOnce : undefined}
        onClick={() => setAsked('now')}
      >
        {verb}…
      </button>
    </div>
  )
}

import { type ReactNode, useState } from 'react'

interface AskedRemovalProps {
  /** `Remove` */
  readonly verb: string
  /** Of what is removed. */
  readonly name: string
  readonly question: string
  readonly onRemove: () => void
  /** What else there is to do with it. */
  readonly children?: ReactNode
}

/** Given once: where it comes on screen, not each time it is drawn again. */
const focusOnce = (button: HTMLButtonElement | null) => button?.focus()

/** What can be done with something that is kept; to remove it takes a second thought. */
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

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { GLOSSARY, type TermName } from './glossary'
import { WithSubscripts } from './WithSubscripts'

/** Space between a term and its meaning, and between the meaning and the window's edge, px. */
const GAP = 6

interface TermProps {
  /** Entry of the glossary. */
  readonly name: TermName
  readonly children: ReactNode
}

/**
 * Draws a term whose meaning, as the glossary has it, appears under it while it is pointed at, focused or tapped; Escape
 * closes it (WCAG 1.4.13).
 */
export function Term({ name, children }: TermProps) {
  const id = useId()
  const term = useRef<HTMLButtonElement>(null)
  const meaning = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState(false)
  const entry = GLOSSARY.find((one) => one.term === name)

  useEffect(() => {
    const panel = meaning.current
    const anchor = term.current
    if (!open || !panel || !anchor) return
    // In the top layer, so that no table or scrolling box cuts it. jsdom has no popovers.
    panel.showPopover?.()
    const at = anchor.getBoundingClientRect()
    const { width, height } = panel.getBoundingClientRect()
    const below = at.bottom + GAP + height <= window.innerHeight
    panel.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - width - GAP))}px`
    panel.style.top = `${below ? at.bottom : Math.max(GAP, at.top - height)}px`
    const close = () => setOpen(false)
    window.addEventListener('scroll', close, { capture: true, passive: true })
    return () => {
      window.removeEventListener('scroll', close, { capture: true })
      if (panel.matches(':popover-open')) panel.hidePopover()
    }
  }, [open])

  if (!entry) return children
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return
    event.stopPropagation()
    setOpen(false)
  }
  return (
    // The meaning lies inside, so that the pointer may move onto it.
    <span className="term-place" onPointerEnter={() => setOpen(true)} onPointerLeave={() => setOpen(false)}>
      <button
        type="button"
        ref={term}
        className="term"
        aria-describedby={open ? id : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={closeOnEscape}
      >
        {children}
      </button>
      {open && (
        <span ref={meaning} id={id} role="tooltip" popover="manual" className="term-meaning">
          <WithSubscripts text={entry.definition} />{' '}
          {entry.formula && (
            <span className="formula">
              <WithSubscripts text={entry.formula} />
            </span>
          )}{' '}
          <span className="soft">({entry.source})</span>
        </span>
      )}
    </span>
  )
}

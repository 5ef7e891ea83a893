import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'

interface DisclosureProps {
  readonly label: ReactNode
  readonly className?: string
  readonly disabled?: boolean
  readonly children: (close: () => void) => ReactNode
}

/** Draws a button that opens a short list of buttons below it; Escape or a click elsewhere closes it. */
export function Disclosure({ label, className = 'button', disabled = false, children }: DisclosureProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const listId = useId()

  useEffect(() => {
    if (!open) return
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => document.removeEventListener('pointerdown', onPointerDown)
  }, [open])

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) close()
  }

  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        ref={button}
        className={className}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-disabled={disabled || undefined}
        onClick={() => setOpen(!open && !disabled)}
        onKeyDown={closeOnEscape}
      >
        {label}
      </button>
      {open && (
        <ul className="menu-list" id={listId} onKeyDown={closeOnEscape}>
          {children(close)}
        </ul>
      )}
    </div>
  )
}

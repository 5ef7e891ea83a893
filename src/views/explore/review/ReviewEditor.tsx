import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'

/** Most characters that a text field holds without blocking the page; the rest of the text follows it, unchanged. */
export const EDITABLE_LIMIT = 20_000

interface ReviewEditorProps {
  readonly text: string
  readonly label?: string
  readonly onEdit: (text: string) => void
  readonly onDone: () => void
}

/** Draws the review as a text field, in the same type. Every keystroke is passed on; Escape or Ctrl + Enter ends. */
export function ReviewEditor({ text, label = 'Text of the review', onEdit, onDone }: ReviewEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [rest] = useState(() => text.slice(EDITABLE_LIMIT))
  const head = rest !== '' && text.endsWith(rest) ? text.slice(0, text.length - rest.length) : text

  useEffect(() => {
    const element = field.current
    if (!element) return
    element.focus()
    element.setSelectionRange(element.value.length, element.value.length)
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault()
      onDone()
    }
  }
  // A paste beyond the limit never reaches the field: its layout would block the page.
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text/plain')
    const { value, selectionStart, selectionEnd } = event.currentTarget
    if (value.length - (selectionEnd - selectionStart) + pasted.length <= EDITABLE_LIMIT) return
    event.preventDefault()
    onEdit(value.slice(0, selectionStart) + pasted + value.slice(selectionEnd) + rest)
    onDone()
  }

  return (
    <>
      <textarea
        ref={field}
        className="review-editor"
        dir="auto"
        aria-label={label}
        spellCheck={false}
        value={head}
        onChange={(event) => onEdit(event.target.value + rest)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      {rest !== '' && (
        <p className="soft">
          The first {EDITABLE_LIMIT.toLocaleString('en')} characters can be edited here; the other{' '}
          {rest.length.toLocaleString('en')} stay as they are.
        </p>
      )}
    </>
  )
}

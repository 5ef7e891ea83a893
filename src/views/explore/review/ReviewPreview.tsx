import { useMemo } from 'react'

/** Number of characters of a text shown before its tokens are known. */
const PREVIEW_LIMIT = 4000

const WORDS = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]|\s+/gu

/** Draws a text before its tokens are known, in their shapes, so that the lines do not move when these arrive. */
export function ReviewPreview({ text }: { readonly text: string }) {
  const parts = useMemo(() => Array.from(text.slice(0, PREVIEW_LIMIT).matchAll(WORDS)), [text])
  return (
    <div className="review-text review-unread" dir="auto">
      {parts.map(({ 0: part, index }) =>
        part.trim() === '' ? (
          part
        ) : (
          <span className="token" data-untinted="" key={index}>
            {part}
          </span>
        ),
      )}
      {text.length > PREVIEW_LIMIT && '…'}
    </div>
  )
}

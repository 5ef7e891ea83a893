import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { entryLabel } from '../../../core/text/token'
import { pieceKindOf } from '../../../core/text/tokenPieces'
import { searchVocabulary, vocabularyIndex, vocabularyNote } from './vocabularySearch'

const SUGGESTIONS = 8

interface VocabularyComboboxProps {
  /** Vocabulary; null until the model is open. */
  readonly vocabulary: readonly string[] | null
  /** Called at a click in the list and at Enter in the field. */
  readonly onChoose: (tokenId: number) => void
}

/** Finds any token of the vocabulary by its first characters (WAI-ARIA combobox with a list). */
export function VocabularyCombobox({ vocabulary, onChoose }: VocabularyComboboxProps) {
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const id = useId()

  const word = typed.trim()
  const { found, note } = useMemo(() => {
    if (!vocabulary || word === '') return { found: [], note: null }
    const index = vocabularyIndex(vocabulary)
    const ids = searchVocabulary(index, word, SUGGESTIONS)
    return { found: ids, note: vocabularyNote(index, word, ids.length) }
  }, [vocabulary, word])

  const shown = open && found.length > 0
  const choose = (tokenId: number) => {
    setTyped('')
    setOpen(false)
    onChoose(tokenId)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (found.length === 0) return
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      if (!shown) setOpen(true)
      else setActive((active + step + found.length) % found.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (found.length > 0) choose(found[Math.min(active, found.length - 1)])
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false)
      else setTyped('')
    }
  }

  return (
    <div className="combobox">
      <input
        className="field"
        type="text"
        role="combobox"
        aria-label="Any word of the vocabulary"
        placeholder={vocabulary ? 'Type any word of the vocabulary…' : 'Any word, once the model is open'}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown ? `${id}-${Math.min(active, found.length - 1)}` : undefined}
        aria-describedby={`${id}-note`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        disabled={!vocabulary}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setActive(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div
        className="combobox-list"
        id={`${id}-list`}
        role="listbox"
        aria-label="Vocabulary entries"
        hidden={!shown}
      >
        {shown &&
          found.map((tokenId, i) => (
            <button
              type="button"
              key={tokenId}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              // Runs before the field loses focus and closes the list.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(tokenId)}
            >
              {vocabulary && entryLabel(vocabulary[tokenId], pieceKindOf(vocabulary))}
            </button>
          ))}
      </div>
      <p className="soft combobox-note" id={`${id}-note`} aria-live="polite">
        {note}
      </p>
    </div>
  )
}

import { useId, useState } from 'react'
import { areNameless } from '../../../core/session/labelNames'
import { MAX_LABEL_NAMES } from '../../../core/session/session'
import { modelInfo } from '../../../state/selectors'
import { useActions } from '../../appContext'
import { Dialog } from '../../Dialog'
import { useSideStore } from '../../side'

/** Offers names for the labels of a model whose own tell nothing, and to change those that were given. */
export function LabelNames() {
  const info = useSideStore(modelInfo)
  const [open, setOpen] = useState(false)
  if (!info || info.labels.length > MAX_LABEL_NAMES.labels) return null
  const originals = info.originalLabels ?? info.labels
  if (!info.originalLabels && !areNameless(originals)) return null
  return (
    <>
      <button type="button" className="button-text" onClick={() => setOpen(true)}>
        {info.originalLabels ? 'Rename the labels' : 'Name the labels'}
      </button>
      <Dialog open={open} title="Names of the labels" onClose={() => setOpen(false)}>
        <NamesForm
          model={info.id}
          originals={originals}
          names={info.labels.map((label, i) => (label === originals[i] ? '' : label))}
          onDone={() => setOpen(false)}
        />
      </Dialog>
    </>
  )
}

interface NamesFormProps {
  readonly model: string
  readonly originals: readonly string[]
  readonly names: readonly string[]
  readonly onDone: () => void
}

function NamesForm({ model, originals, names: former, onDone }: NamesFormProps) {
  const [names, setNames] = useState(former)
  const { nameLabels } = useActions()
  const id = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        nameLabels(model, names)
        onDone()
      }}
    >
      <p>
        Names for the labels of {model}. Links, sessions and files keep them, the model’s own beside; an empty
        one leaves the model’s own.
      </p>
      {originals.map((original, i) => (
        <p key={original}>
          <label htmlFor={`${id}${i}`}>{original}</label>
          <input
            id={`${id}${i}`}
            className="field"
            type="text"
            autoComplete="off"
            maxLength={MAX_LABEL_NAMES.characters}
            value={names[i]}
            onChange={({ target }) => setNames(names.map((name, at) => (at === i ? target.value : name)))}
          />
        </p>
      ))}
      <p>
        <button type="submit" className="button button-accent">
          Use these names
        </button>
      </p>
    </form>
  )
}

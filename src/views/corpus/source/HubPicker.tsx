import { type FormEvent, useId, useState } from 'react'
import type { CorpusSource } from '../../../core/corpus/corpusService'
import { useActions } from '../../appContext'

type HubSource = CorpusSource & { readonly kind: 'hub' }

/** Pattern of `owner/name`, or a name alone. */
const DATASET = /^[\w.-]+(\/[\w.-]+)?$/

/** Picks a data set by its name. The hub is asked only when the button is pressed. */
export function HubPicker({ chosen }: { readonly chosen: HubSource | null }) {
  const { chooseSource } = useActions()
  const [dataset, setDataset] = useState(chosen?.dataset ?? 'stanfordnlp/imdb')
  const [split, setSplit] = useState(chosen?.split ?? 'test')
  const id = useId()
  const valid = DATASET.test(dataset.trim()) && split.trim() !== ''
  const ask = (event: FormEvent) => {
    event.preventDefault()
    if (valid) chooseSource({ kind: 'hub', dataset: dataset.trim(), split: split.trim(), column: null })
  }
  return (
    <form className="hub-picker" onSubmit={ask}>
      <label>
        Data set
        <input
          className="field"
          value={dataset}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}host`}
          onChange={(event) => setDataset(event.target.value)}
        />
      </label>
      <label>
        Split
        <input
          className="field"
          value={split}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setSplit(event.target.value)}
        />
      </label>
      <button type="submit" className="button" aria-disabled={!valid}>
        Fetch first rows
      </button>
      <p className="soft" id={`${id}host`}>
        {valid || dataset.trim() === ''
          ? 'The button contacts the Hugging Face hub (datasets-server.huggingface.co and, for whole files, huggingface.co), which then sees your address and the name of the data set. Results stay here.'
          : 'A name reads “owner/name”, for instance “stanfordnlp/imdb”.'}
      </p>
    </form>
  )
}

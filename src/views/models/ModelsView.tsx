import { BUILT_IN, originOf } from '../../core/modelSource'
import { useActions, useAppStore } from '../appContext'
import { FilesForm } from './FilesForm'
import { HubForm } from './HubForm'
import { KeptModels } from './KeptModels'
import { OpeningModel } from './OpeningModel'
import { OpenModel } from './OpenModel'
import { UrlForm } from './UrlForm'
import { useFolderDrop } from './useFolderDrop'
import { useKeptFocus } from './useKeptFocus'
import { WordTable } from './WordTable'

/** Draws Models: which one is open, and how to open another one. */
export function ModelsView() {
  const { dropping, handlers } = useFolderDrop()
  const view = useKeptFocus<HTMLElement>()
  return (
    <main id="models" className={dropping ? 'models models-dropping' : 'models'} ref={view} {...handlers}>
      <OpenModel />
      <KeptModels />
      <section className="model-sources" aria-labelledby="sources-heading">
        <h2 id="sources-heading">Open another model</h2>
        <OpeningModel />
        <FilesForm />
        <HubForm />
        <BuiltIn />
        <UrlForm />
      </section>
      <WordTable />
    </main>
  )
}

function BuiltIn() {
  const open = useAppStore(({ model }) => model.info !== null && originOf(model.info.id) === 'hosted')
  const { openModel } = useActions()
  if (open) return null
  return (
    <section className="model-source" aria-labelledby="built-in-heading">
      <h3 id="built-in-heading">Built in</h3>
      <p>A BERT fine-tuned on film reviews. It comes with the page and works offline.</p>
      <div className="row">
        <button type="button" className="button" onClick={() => openModel(BUILT_IN)}>
          Open the built-in model
        </button>
      </div>
    </section>
  )
}

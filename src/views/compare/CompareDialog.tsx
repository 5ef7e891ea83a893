import { flushSync } from 'react-dom'
import { BUILT_IN, originOf } from '../../core/modelSource'
import { OTHER } from '../../state/side/side'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'
import { FilesForm } from '../models/FilesForm'
import { HubForm } from '../models/HubForm'
import { KeptModels } from '../models/KeptModels'
import { ModelTargetProvider, useModelTarget } from '../models/modelTarget'
import { UrlForm } from '../models/UrlForm'
import { useFolderDrop } from '../models/useFolderDrop'
import { useKeptFocus } from '../models/useKeptFocus'

/** Asks what to compare with: another text, or another model from any source of models. */
export default function CompareDialog() {
  const open = useAppStore((state) => state.compare.choosing)
  const { chooseComparison } = useActions()
  return (
    <Dialog open={open} title="Compare with" onClose={() => chooseComparison(false)}>
      <ModelTargetProvider side={OTHER} onOpen={() => chooseComparison(false)}>
        <Choices />
      </ModelTargetProvider>
    </Dialog>
  )
}

function Choices() {
  const { dropping, handlers } = useFolderDrop()
  const choices = useKeptFocus<HTMLDivElement>()
  return (
    <div className={dropping ? 'model-choices models-dropping' : 'model-choices'} ref={choices} {...handlers}>
      <AnotherText />
      <p className="soft">
        Or another model on the same review. It opens in a worker of its own and takes its own memory, which
        it gives back when you close the comparison.
      </p>
      <BuiltIn />
      <FilesForm />
      <HubForm />
      <UrlForm />
      <KeptModels />
    </div>
  )
}

function AnotherText() {
  const hasText = useAppStore((state) => state.session.text.trim() !== '')
  const { chooseComparison, compareTexts } = useActions()
  const compare = () => {
    if (!hasText) return
    // The dialog returns the focus as it closes; then the second text takes it.
    flushSync(() => chooseComparison(false))
    compareTexts()
  }
  return (
    <section className="model-source" aria-labelledby="compare-text-heading">
      <h3 id="compare-text-heading">Another text, the same model</h3>
      <p>The second text begins as a copy of the review, for you to change.</p>
      <div className="row">
        <button type="button" className="button" aria-disabled={!hasText} onClick={compare}>
          Compare with another text
        </button>
      </div>
    </section>
  )
}

function BuiltIn() {
  const firstIsBuiltIn = useAppStore(
    ({ model }) => model.info === null || originOf(model.info.id) === 'hosted',
  )
  const { open, openId } = useModelTarget()
  if (firstIsBuiltIn || (openId !== null && originOf(openId) === 'hosted')) return null
  return (
    <section className="model-source" aria-labelledby="compare-built-in-heading">
      <h3 id="compare-built-in-heading">Built in</h3>
      <p>A BERT fine-tuned on film reviews. It comes with the page and works offline.</p>
      <div className="row">
        <button type="button" className="button" onClick={() => open(BUILT_IN)}>
          Compare with the built-in model
        </button>
      </div>
    </section>
  )
}

import { useCallback } from 'react'
import { activePrediction, modelInfo } from '../state/selectors'
import { Announcer } from './Announcer'
import { useActions, useAppStore } from './appContext'
import { CurvePanel } from './CurvePanel'
import { ExportBar } from './ExportBar'
import { NeighborPanel } from './NeighborPanel'
import { PinsBar } from './PinsBar'
import { PredictionPanel } from './PredictionPanel'
import { ProvenanceLine } from './ProvenanceLine'
import { ReadingPanel } from './ReadingPanel'
import { ReviewPanel } from './ReviewPanel'
import { RipplePanel } from './RipplePanel'
import { readDroppedFile } from './readDroppedFile'
import { SectionNav } from './SectionNav'
import { useMeasuring } from './useMeasuring'
import { useFileDrop, usePagePaste } from './useReviewDrop'
import { useSteady } from './useSteady'
import { useUndoKeys } from './useUndoKeys'

/** Explore: a review, one of its tokens changed, and how far the change travels. */
export function ExploreView() {
  const { editText, commitText, replaceSession, notify } = useActions()
  const openText = useCallback(
    (text: string) => {
      commitText()
      editText(text)
      commitText()
    },
    [editText, commitText],
  )
  usePagePaste(openText)
  useUndoKeys()
  const { dropping, handlers } = useFileDrop(async (file) => {
    const dropped = await readDroppedFile(file)
    if (dropped.kind === 'text') openText(dropped.text)
    else if (dropped.kind === 'session') replaceSession(dropped.session)
    else notify({ tone: 'problem', text: `${file.name} was not opened.`, failure: dropped.failure })
  })
  return (
    <main id="main" className={dropping ? 'review-dropping' : undefined} {...handlers}>
      <div className="review" id="review">
        <ReviewPanel />
        <Prediction />
      </div>
      <div className="explore">
        <NeighborPanel />
        <div className="charts">
          <div id="curve">
            <CurvePanel />
          </div>
          <div id="ripple">
            <RipplePanel />
          </div>
        </div>
        <ReadingPanel />
      </div>
      <div className="footbar">
        <PinsBar />
        <ExportBar />
      </div>
      <ProvenanceLine />
      <Announcer />
      <SectionNav />
    </main>
  )
}

function Prediction() {
  const { shown, stale } = useSteady(useAppStore(activePrediction), useMeasuring())
  const info = useAppStore(modelInfo)
  const hasText = useAppStore((state) => state.session.text.trim() !== '')
  if (!hasText) return null
  if (info?.labels.length !== 0) return <PredictionPanel prediction={shown} stale={stale} />
  const { head } = info.details ?? {}
  return head === 'masked-lm' || head === 'causal-lm' ? (
    <LanguageModelNote causal={head === 'causal-lm'} />
  ) : null
}

/** In the place of a label: what the head of this model would give. */
function LanguageModelNote({ causal }: { readonly causal: boolean }) {
  return (
    <section className="prediction" aria-labelledby="prediction-heading">
      <div className="review-head">
        <h2 id="prediction-heading">Prediction</h2>
      </div>
      <p className="soft">
        This model has a {causal ? 'causal' : 'masked'} language-model head, which gives each token of the
        vocabulary a probability {causal ? 'to come next' : 'to stand at a place'}. What it gives is not shown
        yet; distances, ripple and readings are.
      </p>
    </section>
  )
}

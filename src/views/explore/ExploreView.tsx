import { lazy, Suspense, useCallback, useState } from 'react'
import { standsBeside } from '../../state/beside/besideSelectors'
import { activePrediction, languageModelHead, modelInfo } from '../../state/selectors'
import { Announcer } from '../Announcer'
import { useActions, useAppStore } from '../appContext'
import { ProvenanceLine } from '../ProvenanceLine'
import { readDroppedFile } from '../readDroppedFile'
import { CurvePanel } from './CurvePanel'
import { ExportBar } from './ExportBar'
import { NeighborPanel } from './NeighborPanel'
import { PinsBar } from './PinsBar'
import { PredictionPanel } from './PredictionPanel'
import { ReadingPanel } from './ReadingPanel'
import { ReviewPanel } from './ReviewPanel'
import { RipplePanel } from './RipplePanel'
import { SectionNav } from './SectionNav'
import { TokenPredictionPanel } from './TokenPredictionPanel'
import { useMeasuring } from './useMeasuring'
import { useFileDrop, usePagePaste } from './useReviewDrop'
import { useSteady } from './useSteady'
import { useUndoKeys } from './useUndoKeys'

/** Fetched when something stands beside. */
const BesidePanel = lazy(() => import('../beside/BesidePanel'))
const BesideTable = lazy(() => import('../beside/BesideTable'))

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
  const arriving = useAppStore(
    ({ shippedInfo, model }) => shippedInfo === null && model.info === null && model.status === 'loading',
  )
  const beside = useAppStore(standsBeside)
  const [besideAtFirst, setBesideAtFirst] = useState(beside)
  if (besideAtFirst && !beside) setBesideAtFirst(false)
  const { dropping, handlers } = useFileDrop(async (file) => {
    const dropped = await readDroppedFile(file)
    if (dropped.kind === 'text') openText(dropped.text)
    else if (dropped.kind === 'session') replaceSession(dropped.session)
    else notify({ tone: 'problem', text: `${file.name} was not opened.`, failure: dropped.failure })
  })
  return (
    <main
      id="main"
      className={dropping ? 'review-dropping' : undefined}
      data-arriving={arriving ? '' : undefined}
      {...handlers}
    >
      <div className="review" id="review">
        <ReviewPanel />
        <Prediction />
      </div>
      {beside && (
        <Suspense fallback={null}>
          <BesidePanel arriving={!besideAtFirst} />
        </Suspense>
      )}
      <div className="explore">
        <NeighborPanel />
        <div className="charts">
          <div id="curve">
            <CurvePanel comparing={<CompareButton />} />
          </div>
          {beside && (
            <Suspense fallback={null}>
              <BesideTable />
            </Suspense>
          )}
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

/** Opens what to compare with: another model, or another text. */
function CompareButton() {
  const { chooseBeside } = useActions()
  return (
    <button
      type="button"
      className="chart-button compare-button"
      title="Another model on the same review, or another text, side by side"
      aria-haspopup="dialog"
      onClick={() => chooseBeside(true)}
    >
      Compare with…
    </button>
  )
}

function Prediction() {
  const { shown, stale } = useSteady(useAppStore(activePrediction), useMeasuring())
  const info = useAppStore(modelInfo)
  const head = useAppStore(languageModelHead)
  const hasText = useAppStore((state) => state.session.text.trim() !== '')
  if (!hasText) return null
  if (info?.labels.length !== 0) return <PredictionPanel prediction={shown} stale={stale} />
  return head ? <TokenPredictionPanel /> : null
}

import { lazy, Suspense, useCallback, useState } from 'react'
import { isComparing } from '../../state/compare/compareSelectors'
import { activePrediction, languageModelHead, modelInfo } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import { isModelOpen } from '../../state/side/sideModel'
import { useActions, useAppStore } from '../appContext'
import { ProvenanceLine } from '../ProvenanceLine'
import { readDroppedFile } from '../readDroppedFile'
import { Announcer } from '../shell/Announcer'
import { PickedSide, SideProvider, useSideStore } from '../side'
import { NoHeadPanel, PredictionPanel } from './answer/PredictionPanel'
import { TokenPredictionPanel } from './answer/TokenPredictionPanel'
import { ExportBar } from './ExportBar'
import { CurvePanel } from './layers/CurvePanel'
import { ReadingPanel } from './layers/ReadingPanel'
import { RipplePanel } from './layers/RipplePanel'
import { NeighborPanel } from './neighbors/NeighborPanel'
import { PinsBar } from './PinsBar'
import { ReviewPanel } from './review/ReviewPanel'
import { useFileDrop, usePagePaste } from './review/useReviewDrop'
import { SectionNav } from './SectionNav'
import { useMeasuring } from './useMeasuring'
import { useSteady } from './useSteady'
import { useUndoKeys } from './useUndoKeys'

/** Loaded when something is compared. */
const ComparePanel = lazy(() => import('../compare/ComparePanel'))
const CompareTable = lazy(() => import('../compare/CompareTable'))

/** Draws Explore: a review, a change of one of its tokens, and how far the change travels. */
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
  const comparing = useAppStore(isComparing)
  const hasOther = useAppStore((state) => isModelOpen(state, OTHER))
  const [atFirst, setAtFirst] = useState(comparing)
  if (atFirst && !comparing) setAtFirst(false)
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
      <p className="lead">
        Replace one word by its nearest neighbour, and see how far the change travels through every layer of
        the model, and whether its answer holds.
      </p>
      <div className="review" id="review">
        <PickedSide>
          <ReviewPanel />
        </PickedSide>
        <PickedSide>
          <Prediction />
        </PickedSide>
      </div>
      {comparing && (
        <Suspense fallback={null}>
          <ComparePanel arriving={!atFirst} />
        </Suspense>
      )}
      <div className="explore">
        <PickedSide>
          <NeighborPanel />
        </PickedSide>
        <div className="charts">
          <div id="curve">
            <CurvePanel comparing={<CompareButton />} />
          </div>
          {comparing && (
            <Suspense fallback={null}>
              <CompareTable />
            </Suspense>
          )}
          <div id="ripple">
            <RipplePanel />
          </div>
          {hasOther && (
            <SideProvider side={OTHER}>
              <RipplePanel />
            </SideProvider>
          )}
        </div>
        <PickedSide>
          <ReadingPanel />
        </PickedSide>
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

/** Opens the choice of what to compare with: another model, or another text. */
function CompareButton() {
  const { chooseComparison } = useActions()
  return (
    <button
      type="button"
      className="chart-button compare-button"
      title="Another model on the same review, or another text, side by side"
      aria-haspopup="dialog"
      onClick={() => chooseComparison(true)}
    >
      Compare with…
    </button>
  )
}

function Prediction() {
  const { shown, stale } = useSteady(useSideStore(activePrediction), useMeasuring())
  const info = useSideStore(modelInfo)
  const head = useSideStore(languageModelHead)
  const hasText = useAppStore((state) => state.session.text.trim() !== '')
  if (!hasText) return null
  if (info?.labels.length !== 0) return <PredictionPanel prediction={shown} stale={stale} />
  if (head) return <TokenPredictionPanel />
  return <NoHeadPanel />
}

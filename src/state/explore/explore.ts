import type { AppState } from '../appState'
import { createEffectsStep } from '../review/effectsStep'
import { createFlipStep } from '../review/flipStep'
import { createOcclusionStep } from '../review/occlusionStep'
import { NO_ANSWERS, OTHER, OWN, withSide } from '../side/side'
import { modelOpening } from '../side/sideModel'
import type { AppStore } from '../storeTypes'
import { subscribeTo } from '../subscribeTo'
import { untilSettled } from '../untilSettled'
import { isMeasuring } from './comparisonSelectors'
import { createBackground } from './questions/background'
import { createBackgroundStep } from './questions/exploreBackground'
import { createComparisonStep } from './questions/exploreComparison'
import { createExploreContext, type ExploreServices, partsOfExplore } from './questions/exploreContext'
import { createLayerAnswersStep } from './questions/exploreLayerAnswers'
import { createLikelihoodsStep } from './questions/exploreLikelihoods'
import { createPatchesStep } from './questions/explorePatches'
import { createPredictionStep } from './questions/explorePrediction'
import { createReadingsStep } from './questions/exploreReadings'
import { createTokensStep } from './questions/exploreTokens'
import { keepPace } from './questions/pace'

export type { ExploreServices, ShippedExplorer } from './questions/exploreContext'

/** Says whether a side that is compared is being tokenised or measured. */
export function isSideBusy({ sides }: AppState, side: number): boolean {
  const { measurement, tokenized } = sides[side]
  return measurement.status === 'loading' || tokenized.status === 'loading'
}

/**
 * Connects one side in one direction: inputs in the store -> questions -> results in the store.
 *
 * After every change each step compares its question with the one it asked last, so it does not matter which action,
 * link or undo made the change. Before the model is open, shipped results answer as far as they go; when it opens,
 * everything is asked again and replaces them without a notice. The compared side waits until the session's own side is
 * measured.
 *
 * @returns a function that disconnects; questions still under way are dropped
 */
export function connectExplorer(store: AppStore, services: ExploreServices, side = OWN): () => void {
  const context = createExploreContext(store, services, side)
  let connected = true
  let opening = modelOpening(store.getState(), side)

  /** Clears the results of a former model, which must not appear under the name of the present one. */
  const forgetFormer = () => {
    const present = modelOpening(store.getState(), side)
    if (side === OWN || present === opening) return
    opening = present
    store.setState((state) => withSide(state, side, NO_ANSWERS))
  }

  const look = () => {
    if (!connected) return
    forgetFormer()
    if (context.refresh()) {
      inBackground.reset()
      background.reset()
    }
    tokens.update()
    comparison.update()
    prediction.update()
    readings.update()
    likelihoods.update()
    patches.update()
    layerAnswers.update()
    inBackground.update()
    effects.update()
    flips.update()
    occlusion.update()
    if (side !== OWN) return
    const info = services.shipped?.info() ?? null
    if (info !== store.getState().shippedInfo) store.setState({ shippedInfo: info })
  }
  const update = untilSettled(look, () => background.pump())

  const tokens = createTokensStep(context, update)
  const comparison = createComparisonStep(context, update)
  const readings = createReadingsStep(context, update)
  const prediction = createPredictionStep(context, update)
  const likelihoods = createLikelihoodsStep(context, update)
  const patches = createPatchesStep(context, update)
  const layerAnswers = createLayerAnswersStep(context, update)
  const inBackground = createBackgroundStep(context)
  const effects = createEffectsStep(context)
  const flips = createFlipStep(context)
  const occlusion = createOcclusionStep(context)
  // Nothing is measured in advance for a view that is not shown, because Corpus needs the model; nor while another side
  // answers the user.
  const isIdle = () =>
    connected &&
    store.getState().session.view === 'explore' &&
    !tokens.pending &&
    !comparison.pending &&
    !prediction.pending &&
    !readings.pending &&
    !patches.pending &&
    !layerAnswers.pending &&
    !(side === OWN ? isSideBusy(store.getState(), OTHER) : isMeasuring(store.getState()))
  const background = createBackground(isIdle, (skip) => {
    const job = inBackground.next(skip, effects.next)
    if (!job) return null
    const began = performance.now()
    return {
      ...job,
      run: () =>
        job
          .run()
          .then(() => {
            if (context.isLive) keepPace(store, side, performance.now() - began)
          })
          .finally(update),
    }
  })

  const steps = [
    tokens,
    comparison,
    prediction,
    readings,
    likelihoods,
    patches,
    layerAnswers,
    flips,
    occlusion,
  ]
  const unsubscribe = [
    subscribeTo(
      store,
      ({ session, model }) => [session, model.status, model.info],
      () => {
        for (const step of steps) step.retry()
      },
    ),
    subscribeTo(store, partsOfExplore, update),
  ]
  update()
  return () => {
    connected = false
    for (const end of unsubscribe) end()
    for (const step of steps) step.stop()
    background.stop()
  }
}

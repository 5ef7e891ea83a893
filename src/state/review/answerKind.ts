import type { AnswerKind } from '../../core/measures/answerKind'
import { predictionKind } from '../../core/measures/prediction'
import type { AppState } from '../appState'
import { languageModelHead, predictionPlace, predictionPlaces } from '../explore/predictionPlaces'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'

/** Returns the mask of the text at which a masked language model answers: the one shown, or the first; null if none. */
export function maskPlace(state: AppState, side = OWN): number | null {
  if (languageModelHead(state, side) !== 'masked-lm') return null
  const isMask = ({ key }: { readonly key: string }) => key.startsWith('mask-')
  const shown = predictionPlace(state, side)
  const mask = shown && isMask(shown) ? shown : predictionPlaces(state, side).find(isMask)
  return mask?.position ?? null
}

/**
 * Returns the kind of a side's answer; null if its model gives none to this text. While the model is not known a
 * classifier is expected, as the built-in model is one.
 */
export function answerKind(state: AppState, side = OWN): AnswerKind | null {
  const info = modelInfo(state, side)
  if (!info || info.labels.length > 0) return predictionKind(info) === 'score' ? 'score' : 'label'
  if (languageModelHead(state, side) === 'causal-lm') return 'next-token'
  return maskPlace(state, side) === null ? null : 'mask'
}

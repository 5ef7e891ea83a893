import {
  argmax,
  givesProbabilities,
  predictionKind,
  predictionValues,
} from '../../../core/measures/prediction'
import { substitutionsKey } from '../../../core/measures/substitution'
import { exportedLabels } from '../../../core/session/labelNames'
import type { AppState } from '../../appState'
import { memoizeSides } from '../../memoize'
import { createQuery } from '../../query'
import { idle } from '../../resource'
import { idsOf, isOfChange, type LayerAnswersChange } from '../../results'
import { activeSubstitutions } from '../../side/activeSubstitutions'
import { OWN, withSide } from '../../side/side'
import { modelInfo } from '../../side/sideModel'
import { currentTokens } from '../../side/sideTokens'
import { languageModelHead, predictionPlace } from '../predictionPlaces'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext, optionsOf } from './exploreContext'
import { readable } from './exploreReadings'

/** Says whether a side's model has a head that can be asked about the present text. */
export function hasAnswer(state: AppState, side = OWN): boolean {
  if (languageModelHead(state, side)) return predictionPlace(state, side) !== null
  return (modelInfo(state, side)?.labels.length ?? 0) > 0
}

/** Requests what the head answers to every layer, while the curve shows it. */
export function createLayerAnswersStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const query = createQuery<LayerAnswersChange>(
    () => store.getState().sides[side].layerAnswers,
    (layerAnswers) => store.setState((state) => withSide(state, side, { layerAnswers })),
    onSettled,
  )
  return {
    get pending() {
      return query.pending
    },
    update: () => {
      const state = store.getState()
      const found = state.session.curve === 'answer' && hasAnswer(state, side) ? readable(state, side) : null
      if (!found || found.active.length === 0) {
        query.show(idle())
        return
      }
      const { tokenized, active: substitutions } = found
      const inputIds = idsOf(tokenized)
      const place = languageModelHead(state, side) ? (predictionPlace(state, side)?.position ?? null) : null
      query.ask({
        key: `${inputIds.join(',')}|${place}|${substitutionsKey(substitutions)}`,
        generation: context.generation,
        ask: async () => ({
          tokenized,
          substitutions,
          place,
          answers: await answering(context).answersByLayer(
            { inputIds, substitutions, place },
            optionsOf(context, 'layer-answers'),
          ),
        }),
      })
    },
    retry: () => query.retry(),
    stop: () => query.stop(),
  }
}

/** Holds what the head answers to each layer, in the number that is drawn. */
export interface LayerAnswerLines {
  /** Name of what the number is of: a label, or a token in quotes. */
  readonly of: string
  /** Index of the label; null of a token. */
  readonly label: number | null
  /** True if the numbers are probabilities; else scores. */
  readonly probability: boolean
  /** [L+1] */
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Returns the answers for exactly the present change and place; null while they are not known. */
export const activeLayerAnswers = memoizeSides(
  (state: AppState, side) => [
    state.sides[side].layerAnswers,
    currentTokens(state, side),
    activeSubstitutions(state, side),
    predictionPlace(state, side),
    modelInfo(state, side),
  ],
  (state, side): LayerAnswerLines | null => {
    const { status, value } = state.sides[side].layerAnswers
    if (status !== 'ready' || !value) return null
    if (!isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side))) return null
    const { answers, place } = value
    if (answers.kind === 'token') {
      if (place !== predictionPlace(state, side)?.position) return null
      return { of: `“${answers.token.trim()}”`, label: null, probability: true, ...answers.probability }
    }
    const info = modelInfo(state, side)
    const kind = predictionKind(info)
    const first = argmax(answers.logits.before.at(-1) ?? [])
    const valuesOf = (rows: readonly (readonly number[])[]) =>
      rows.map((logits) => predictionValues(logits, kind)[first])
    return {
      of: info?.labels[first] ?? `label ${first}`,
      label: first,
      probability: givesProbabilities(kind),
      before: valuesOf(answers.logits.before),
      after: valuesOf(answers.logits.after),
    }
  },
)

/** Returns the answers by layer as a table; null while they are not known. */
export function layerAnswersTable(state: AppState, side = OWN) {
  const lines = activeLayerAnswers(state, side)
  if (!lines) return null
  const { label, before, after, probability } = lines
  const info = modelInfo(state, side)
  const of = (label !== null && info && exportedLabels(info)[label]) || lines.of
  const rows = before.map((value, layer) => ({
    layer,
    of,
    number: probability ? 'probability' : 'score',
    before: value,
    after: after[layer],
  }))
  return { columns: ['layer', 'of', 'number', 'before', 'after'], rows }
}

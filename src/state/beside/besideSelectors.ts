import { type BesideTable, besideTable } from '../../core/besideTable'
import { predictionKind } from '../../core/prediction'
import { PIN_COLORS, type Session } from '../../core/session'
import { type Substitution, substitutionsKey } from '../../core/substitution'
import { pieceKindOf } from '../../core/tokenPieces'
import type { AppState } from '../appState'
import { activeSubstitutions, chosenPosition, currentTokens } from '../explore/activeSubstitutions'
import {
  activeMeasurement,
  type ComparisonSeries,
  comparisonSeries,
  layerDistances,
  modelInfo,
} from '../explore/comparisonSelectors'
import { activeTokenPrediction } from '../explore/explorePrediction'
import { neighborRows } from '../explore/neighborRows'
import { substitutionsLabel, wordAs } from '../explore/tokenNames'
import { memoize } from '../memoize'
import { besideChange, besideInfo, besideSubstitutions, besideTokens, besideVocabulary } from './besideChange'
import { besideMeasurement, besidePredictions } from './besideLanguage'

export {
  type BesideSubstitution,
  besideAlignment,
  besideChange,
  besideInfo,
  besideText,
  besideTokens,
  besideVocabulary,
} from './besideChange'
export {
  besideHead,
  besideMeasurement,
  besideOwnTokens,
  besidePairs,
  besidePlace,
  besidePredictions,
} from './besideLanguage'
export { besideLikelihoods, besideLikelihoodsKey, besideLikelihoodTable } from './besideLikelihoods'

/** A model that the session has beside and that is neither open nor on its way: it is offered. */
export function besideOffer({ session, beside }: AppState): Session['model'] | null {
  const wanted = session.beside?.model ?? null
  const { info, opening, returning } = beside.model
  return wanted && info?.id !== wanted.id && !opening && !returning ? wanted : null
}

/** Whether anything of the second side is to be shown. */
export function standsBeside({ session, beside }: AppState): boolean {
  return session.beside !== null || beside.model.opening !== null || beside.model.refused !== null
}

/** Whether the second side's model is at work for the present change. */
export function isMeasuringBeside({ beside }: AppState): boolean {
  return beside.measurement.status === 'loading' || beside.tokenized.status === 'loading'
}

/** What the sides are called: their models, or which text it is. */
export const besideNames = memoize(
  (state: AppState) => [modelInfo(state)?.id, besideInfo(state)?.id, state.session.beside],
  (state): { readonly first: string; readonly second: string } => {
    const { beside } = state.session
    if (!beside?.model) return { first: 'first text', second: 'second text' }
    const first = modelInfo(state)?.id ?? 'first model'
    const second = besideInfo(state)?.id ?? beside.model.id
    if (beside.text !== null) return { first: `${first}, first text`, second: `${second}, second text` }
    return first === second ? { first: `${first} (1)`, second: `${second} (2)` } : { first, second }
  },
)

/** `film → movie`, in the words of the second side's vocabulary. */
export function besideLabel(state: AppState, substitutions: readonly Substitution[]): string {
  const vocabulary = besideVocabulary(state)
  const tokens = besideTokens(state)?.tokens
  if (!vocabulary || !tokens) return ''
  const kind = pieceKindOf(vocabulary)
  return substitutions
    .map(({ position, tokenId }) => {
      const before = tokens[position] ? wordAs(tokens[position].text, kind) : `position ${position}`
      return `${before} → ${wordAs(vocabulary[tokenId] ?? `#${tokenId}`, kind)}`
    })
    .join(' + ')
}

/** The identity colour of the second side: the first that no pin and no present change wears. */
function besideColor(state: AppState): number {
  const worn = new Set(comparisonSeries(state).map(({ color }) => color))
  const free = Array.from({ length: PIN_COLORS }, (_, color) => color).find((color) => !worn.has(color))
  return free ?? PIN_COLORS - 1
}

/** The second side's line of the layer curve; null while it is not measured. */
export const besideSeries = memoize(
  (state: AppState) => [besideMeasurement(state), comparisonSeries(state), besideNames(state)],
  (state): ComparisonSeries | null => {
    const measurement = besideMeasurement(state)
    if (!measurement || measurement.substitutions.length === 0) return null
    return {
      id: `beside-${substitutionsKey(measurement.substitutions)}`,
      label: `${besideNames(state).second}: ${besideLabel(state, measurement.substitutions)}`,
      color: besideColor(state),
      pin: null,
      active: false,
      distances: layerDistances(measurement),
      provenance: measurement.provenance,
    }
  },
)

const chosenCosine = (state: AppState) =>
  chosenPosition(state) === null ? null : (neighborRows(state).find(({ chosen }) => chosen)?.cosine ?? null)

/** What happens opposite the explored token; null where none is explored. */
export const chosenOpposite = (state: AppState) => besideChange(state)?.find(({ chosen }) => chosen) ?? null

/** Both sides' numbers; null while either is not measured. */
export const besideComparison = memoize(
  (state: AppState) => [
    activeMeasurement(state),
    besideMeasurement(state),
    modelInfo(state),
    besideInfo(state),
    chosenCosine(state),
    chosenOpposite(state),
    activeTokenPrediction(state),
    besidePredictions(state),
  ],
  (state): BesideTable | null => {
    const [first, second] = [activeMeasurement(state), besideMeasurement(state)]
    if (!first || !second || first.substitutions.length === 0) return null
    return besideTable(
      {
        measurement: first,
        labels: modelInfo(state)?.labels ?? [],
        prediction: predictionKind(modelInfo(state)),
        cosine: chosenCosine(state),
        tokenPrediction: activeTokenPrediction(state),
      },
      {
        measurement: second,
        labels: besideInfo(state)?.labels ?? [],
        prediction: predictionKind(besideInfo(state)),
        cosine: chosenOpposite(state)?.neighbor?.cosine ?? null,
        tokenPrediction: besidePredictions(state)?.second,
      },
    )
  },
)

/** What is substituted on both sides, as the views write it; null while either is not known. */
export const besideLabels = memoize(
  (state: AppState) => [
    activeSubstitutions(state),
    besideSubstitutions(state),
    currentTokens(state),
    besideTokens(state),
    state.vocabulary,
    besideVocabulary(state),
  ],
  (state): { readonly first: string; readonly second: string } | null => {
    const [first, second] = [activeSubstitutions(state), besideSubstitutions(state)]
    if (!first || !second) return null
    return {
      first: substitutionsLabel(state, currentTokens(state), first),
      second: besideLabel(state, second),
    }
  },
)

import { formatDecimals, formatNumber } from '../charts/formatNumber'
import {
  activeDistances,
  activePrediction,
  activeSubstitutions,
  currentTokens,
  substitutionsLabel,
} from '../state/selectors'
import type { AppStoreState } from '../state/store'
import { useAppStore } from './appContext'

/** A result in one sentence, for those who hear the page. */
function sentence(state: AppStoreState): string {
  const distances = activeDistances(state)
  const substitutions = activeSubstitutions(state)
  const last = distances?.at(-1)
  if (!last || !substitutions || substitutions.length === 0) return ''
  const prediction = activePrediction(state)
  const change = substitutionsLabel(state, currentTokens(state), substitutions)
  const answer = prediction
    ? `, ${prediction.labels[prediction.label.after]} ${formatDecimals(prediction.probabilities.after[prediction.label.after], 3)}, label ${prediction.flips ? 'flips' : 'kept'}`
    : ''
  return `${change}: distance ${formatNumber(last.distance)} at layer ${last.layer}${answer}`
}

export function Announcer() {
  return (
    <p className="visually-hidden" aria-live="polite">
      {useAppStore(sentence)}
    </p>
  )
}

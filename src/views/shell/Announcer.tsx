import { formatDecimals, formatNumber } from '../../charts/formatNumber'
import type { PredictionChange } from '../../core/measures/prediction'
import { entryLabel } from '../../core/text/token'
import {
  activeDistances,
  activePrediction,
  activeSubstitutions,
  activeTokenPrediction,
  currentTokens,
  languageModelHead,
  pieceKind,
  predictionPlace,
  substitutionsLabel,
} from '../../state/selectors'
import { OWN } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'

/** Returns the answer of a language model's head in words; null until it is known: announce nothing before. */
function tokensInWords(state: AppStoreState): string | null {
  if (!languageModelHead(state) || !predictionPlace(state)) return ''
  const prediction = activeTokenPrediction(state)
  if (!prediction) return state.sides[OWN].prediction.status === 'error' ? '' : null
  const { before, after, divergence, flips } = prediction
  const [name, former] = [after[0], before[0]].map(({ token }) => entryLabel(token, pieceKind(state)))
  const place = languageModelHead(state) === 'causal-lm' ? 'next token' : 'at the mask'
  const probability = formatDecimals(after[0].after.probability, 3)
  const moved = divergence > 0 ? `, KL ${formatNumber(divergence)} nats` : ''
  return `, ${place} ${name} ${probability}${flips ? `, was ${former}` : ''}${moved}`
}

/** Returns a classifier's answer in words: `POSITIVE 0.984 → 0.985, same label`. */
function answerInWords({ labels, label, values, probabilities, flips }: PredictionChange): string {
  const { before, after } = values
  const moved = `${formatDecimals(before[label.before], 3)} → ${formatDecimals(after[label.before], 3)}`
  if (!probabilities) return `${labels[label.before]} ${moved}`
  const to = label.after === label.before ? '' : ` to ${labels[label.after]}`
  return `${labels[label.before]} ${moved}, ${flips ? `label flips${to}` : 'same label'}`
}

/** Describes a result in one sentence, for screen readers. */
function sentence(state: AppStoreState): string {
  const distances = activeDistances(state)
  const substitutions = activeSubstitutions(state)
  const last = distances?.at(-1)
  if (!last || !substitutions || substitutions.length === 0) return ''
  const prediction = activePrediction(state)
  const expected = tokensInWords(state)
  if (expected === null) return ''
  const change = substitutionsLabel(state, currentTokens(state), substitutions)
  const answer = prediction ? `, ${answerInWords(prediction)}` : ''
  return `${change}: distance ${formatNumber(last.distance)} at layer ${last.layer}${answer}${expected}`
}

export function Announcer() {
  return (
    <p className="visually-hidden" aria-live="polite">
      {useAppStore(sentence)}
    </p>
  )
}

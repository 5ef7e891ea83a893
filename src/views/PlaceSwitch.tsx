import { bareText } from '../core/token'
import {
  currentTokens,
  languageModelHead,
  type PredictionPlace,
  pieceKind,
  predictionPlace,
  predictionPlaces,
} from '../state/selectors'
import { useActions, useAppStore } from './appContext'

/** Where to look at a language model's distribution, where there is more than one place. */
export function PlaceSwitch() {
  const places = useAppStore(predictionPlaces)
  const place = useAppStore(predictionPlace)
  const causal = useAppStore(languageModelHead) === 'causal-lm'
  const tokens = useAppStore(currentTokens)?.tokens
  const kind = useAppStore(pieceKind)
  const { lookAtPlace } = useActions()
  if (places.length < 2) return null
  const masks = places.filter(({ key }) => key.startsWith('mask-'))
  const nameOf = ({ key, position }: PredictionPlace) => {
    if (key === 'end') return 'after the text'
    if (key !== 'chosen')
      return masks.length > 1 ? `mask ${masks.findIndex((m) => m.key === key) + 1}` : 'mask'
    return `${causal ? 'after' : 'at'} “${bareText(tokens?.[position]?.text ?? '', kind)}”`
  }
  return (
    <fieldset className="segments places">
      <legend className="visually-hidden">Place of the distribution</legend>
      {places.map((one) => (
        <label key={one.key}>
          <input
            type="radio"
            name="place"
            checked={one.key === place?.key}
            onChange={() => lookAtPlace(one.key)}
          />
          {nameOf(one)}
        </label>
      ))}
    </fieldset>
  )
}

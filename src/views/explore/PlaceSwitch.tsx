import {
  currentTokens,
  languageModelHead,
  pieceKind,
  predictionPlace,
  predictionPlaces,
} from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import { placeName } from './placeName'

/** Where to look at a language model's distribution, where there is more than one place. */
export function PlaceSwitch() {
  const places = useAppStore(predictionPlaces)
  const place = useAppStore(predictionPlace)
  const causal = useAppStore(languageModelHead) === 'causal-lm'
  const tokens = useAppStore(currentTokens)?.tokens
  const kind = useAppStore(pieceKind)
  const { lookAtPlace } = useActions()
  if (places.length < 2) return null
  const words = { causal, tokens: tokens ?? [], kind, places }
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
          {placeName(one, words)}
        </label>
      ))}
    </fieldset>
  )
}

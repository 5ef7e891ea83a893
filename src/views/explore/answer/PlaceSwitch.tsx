import {
  currentTokens,
  languageModelHead,
  pieceKind,
  predictionPlace,
  predictionPlaces,
} from '../../../state/selectors'
import { useActions } from '../../appContext'
import { useSideStore } from '../../side'
import { placeName } from './placeName'

/** Picks the place of a language model's distribution, if there is more than one. */
export function PlaceSwitch() {
  const places = useSideStore(predictionPlaces)
  const place = useSideStore(predictionPlace)
  const causal = useSideStore(languageModelHead) === 'causal-lm'
  const tokens = useSideStore(currentTokens)?.tokens
  const kind = useSideStore(pieceKind)
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

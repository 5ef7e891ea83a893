import { bareText, type Token } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import type { PredictionPlace } from '../../../state/selectors'

interface PlaceWords {
  readonly causal: boolean
  readonly tokens: readonly Token[]
  readonly kind: PieceKind
  /** All places of the text, which number its masks. */
  readonly places: readonly PredictionPlace[]
}

/** Returns `after the text`, `after “good”`, `at “good”`, `mask 2`. */
export function placeName(
  { key, position }: PredictionPlace,
  { causal, tokens, kind, places }: PlaceWords,
): string {
  if (key === 'end') return 'after the text'
  if (key === 'chosen') return `${causal ? 'after' : 'at'} “${bareText(tokens[position]?.text ?? '', kind)}”`
  const masks = places.filter((place) => place.key.startsWith('mask-'))
  return masks.length > 1 ? `mask ${masks.findIndex((mask) => mask.key === key) + 1}` : 'mask'
}

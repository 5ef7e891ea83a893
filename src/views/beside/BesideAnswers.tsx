import { formatDecimals } from '../../charts/formatNumber'
import type { BesideTable } from '../../core/besideTable'
import type { PredictionChange } from '../../core/prediction'
import { bareText } from '../../core/token'
import { pieceKindOf } from '../../core/tokenPieces'
import type { TokenPrediction } from '../../core/tokenPrediction'
import { besideHead, besidePredictions, besideVocabulary } from '../../state/beside/besideSelectors'
import { activeTokenPrediction, languageModelHead, pieceKind } from '../../state/selectors'
import { useAppStore } from '../appContext'
import { NumberRow, WordsRow } from './BesideRows'

type When = 'before' | 'after'

/** What one side's head answers. */
interface Answer {
  readonly said: (when: When) => string
  readonly flips: boolean | null
}

const labelled = ({ labels, label, probabilities, flips }: PredictionChange): Answer => ({
  said: (when) => `${labels[label[when]]} ${formatDecimals(probabilities[when][label[when]], 3)}`,
  flips,
})

const expected = (prediction: TokenPrediction, spelled: (token: string) => string): Answer => ({
  said: (when) => {
    const [top] = prediction[when]
    return top ? `“${spelled(top.token)}” ${formatDecimals(top[when].probability, 3)}` : '–'
  },
  flips: prediction.flips,
})

const saying = (words: string): Answer => ({ said: () => words, flips: null })

/** The rows of what both sides' heads answer: a label, or of a language model the top token. */
export function BesideAnswers({ predictions, distribution }: BesideTable) {
  const heads = [useAppStore(languageModelHead), useAppStore(besideHead)]
  const first = useAppStore(activeTokenPrediction)
  const second = useAppStore(besidePredictions)?.second ?? null
  const kind = useAppStore(pieceKind)
  const other = useAppStore((state) => pieceKindOf(besideVocabulary(state) ?? []))
  const answerOf = (label: PredictionChange | null, side: 0 | 1) => {
    if (label) return labelled(label)
    const [prediction, kindOf] = side === 0 ? ([first, kind] as const) : ([second, other] as const)
    if (prediction) return expected(prediction, (token) => bareText(token, kindOf))
    return saying(heads[side] ? '·' : 'no head')
  }
  const [ours, theirs] = [answerOf(predictions.first, 0), answerOf(predictions.second, 1)]
  const tokens = heads.filter((head) => head !== null).length
  return (
    <>
      <WordsRow name="prediction before" first={ours.said('before')} second={theirs.said('before')} />
      <WordsRow name="prediction after" first={ours.said('after')} second={theirs.said('after')} />
      <WordsRow
        name={tokens === 0 ? 'label' : tokens === 2 ? 'top token' : 'label or top token'}
        first={<Flips flips={ours.flips} />}
        second={<Flips flips={theirs.flips} />}
      />
      {distribution && (
        <>
          <NumberRow name="KL of the tokens, nats" value={distribution.divergence} />
          <NumberRow name="entropy before, nats" value={distribution.entropyBefore} />
          <NumberRow name="entropy after, nats" value={distribution.entropyAfter} />
        </>
      )}
    </>
  )
}

function Flips({ flips }: { readonly flips: boolean | null }) {
  if (flips === null) return '–'
  return <span className={flips ? 'flips' : undefined}>{flips ? 'flips' : 'kept'}</span>
}

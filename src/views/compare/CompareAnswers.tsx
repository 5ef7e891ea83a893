import { formatDecimals } from '../../charts/formatNumber'
import type { ComparisonTable } from '../../core/comparison/comparisonTable'
import type { PredictionChange } from '../../core/measures/prediction'
import type { TokenPrediction } from '../../core/measures/tokenPrediction'
import { bareText } from '../../core/text/token'
import type { PieceKind } from '../../core/text/tokenPieces'
import { NumberRow, WordsRow } from './CompareRows'

type When = 'before' | 'after'

/** Holds the answer of one side's head. */
interface Answer {
  readonly said: (when: When) => string
  readonly flips: boolean | null
}

const labelled = ({ labels, label, values, probabilities, flips }: PredictionChange): Answer => ({
  said: (when) => `${labels[label[when]]} ${formatDecimals(values[when][label[when]], 3)}`,
  flips: probabilities && flips,
})

const expected = (prediction: TokenPrediction, spelled: (token: string) => string): Answer => ({
  said: (when) => {
    const [top] = prediction[when]
    return top ? `“${spelled(top.token)}” ${formatDecimals(top[when].probability, 3)}` : '–'
  },
  flips: prediction.flips,
})

const saying = (words: string): Answer => ({ said: () => words, flips: null })

/** Holds the answer of a side's language model to the change in the table. */
export interface SideTokens {
  /** True if its head is a language model's. */
  readonly expects: boolean
  /** Prediction; null if it is not known yet, or if there is no such head. */
  readonly prediction: TokenPrediction | null
  readonly kind: PieceKind
}

interface CompareAnswersProps extends Pick<ComparisonTable, 'predictions' | 'distribution'> {
  readonly first: SideTokens
  readonly second: SideTokens
}

function answerOf(label: PredictionChange | null, { expects, prediction, kind }: SideTokens): Answer {
  if (label) return labelled(label)
  if (prediction) return expected(prediction, (token) => bareText(token, kind))
  return saying(expects ? '·' : 'no head')
}

/** Draws the rows with the answers of both sides' heads: a label, or a language model's top token. */
export function CompareAnswers({ predictions, distribution, first, second }: CompareAnswersProps) {
  const [ours, theirs] = [answerOf(predictions.first, first), answerOf(predictions.second, second)]
  const tokens = [first, second].filter(({ expects }) => expects).length
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
  return <span className={flips ? 'flips' : undefined}>{flips ? 'flips' : 'same'}</span>
}

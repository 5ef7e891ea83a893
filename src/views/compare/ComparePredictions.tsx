import { useState } from 'react'
import { ChartFrame } from '../../charts/ChartFrame'
import { formatNumber } from '../../charts/formatNumber'
import { sharedTop } from '../../core/comparison/predictionPairs'
import { isUnchanged, type TokenPrediction } from '../../core/measures/tokenPrediction'
import { exportPairedTokensCsv } from '../../state/compare/compareExports'
import { sideNames } from '../../state/compare/compareSelectors'
import { isSideBusy } from '../../state/explore/explore'
import { languageModelHead, predictionPlace } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import { isCompared } from '../../state/side/sideModel'
import { useAppStore } from '../appContext'
import { Exports } from '../Exports'
import { useMeasuring } from '../explore/useMeasuring'
import { useSteady } from '../explore/useSteady'
import { CompareLikelihoods } from './CompareLikelihoods'
import { CompareTokenTable } from './CompareTokenTable'
import { type ShownPredictions, SIDES, shownPredictions } from './comparePredictionShown'

/** Number of tokens of each text and side, before "more tokens". */
const FEW = 5

/** Shows the predictions of two language models at aligned places, and how well either expects its text. */
export function ComparePredictions() {
  const first = useAppStore((state) => languageModelHead(state))
  const second = useAppStore((state) => languageModelHead(state, OTHER))
  const isOpen = useAppStore(isCompared)
  if (!isOpen || (!first && !second)) return null
  const heading =
    first !== second ? 'Expected tokens' : first === 'causal-lm' ? 'Next token' : 'Fill the mask'
  return (
    <ChartFrame heading={`${heading}, side by side`} subtitle="most probable tokens, by their spelling">
      {second ? <Distributions twoKinds={first !== null && first !== second} /> : <NoHead />}
      {second && <CompareLikelihoods />}
    </ChartFrame>
  )
}

function NoHead() {
  const { [OTHER]: second } = useAppStore(sideNames)
  return (
    <p className="panel-hint">
      {second} has no language model’s head: what it answers stands among the differences.
    </p>
  )
}

function Distributions({ twoKinds }: { readonly twoKinds: boolean }) {
  const { status, failure } = useAppStore((state) => state.sides[OTHER].prediction)
  const hasPlace = useAppStore((state) => predictionPlace(state, OTHER) !== null)
  const waiting = useAppStore((state) => isSideBusy(state, OTHER))
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(
    useAppStore(shownPredictions),
    hasPlace && (waiting || measuring || status === 'loading' || status === 'ready'),
  )
  const [more, setMore] = useState(false)
  if (status === 'error') return <p className="panel-hint">{failure?.message}</p>
  if (!hasPlace) return <NoPlace />
  if (!shown) return <div className="skeleton token-prediction-skeleton" />
  const sides = SIDES.filter((side) => shown.predictions[side])
  return (
    <div className={stale ? 'stale' : undefined}>
      <CompareTokenTable shown={shown} count={more ? undefined : FEW} />
      <div className="panel-tools">
        <button
          type="button"
          className="button-text"
          aria-expanded={more}
          onClick={() => setMore((now) => !now)}
        >
          {more ? 'Fewer' : 'More tokens'}
        </button>
        <Exports
          title="Tokens of both sides"
          name="ripplescope-comparison-tokens"
          look="text"
          csv={exportPairedTokensCsv}
        />
      </div>
      {sides.map((side) => (
        <Summary key={side} name={shown.names[side]} prediction={shown.predictions[side]} />
      ))}
      <Agreement shown={shown} />
      {twoKinds && (
        <p className="soft">
          One side fills a mask, the other goes on after what it has read: they see different parts of the
          text. Compare the words before the numbers.
        </p>
      )}
      {sides.length === 1 && <p className="soft">{shown.names.first} has no language model’s head.</p>}
    </div>
  )
}

function NoPlace() {
  const { [OTHER]: second } = useAppStore(sideNames)
  const chosen = useAppStore((state) => state.session.position !== null)
  const masked = useAppStore((state) => languageModelHead(state, OTHER)) === 'masked-lm'
  return (
    <p className="panel-hint">
      {chosen
        ? `What stands here has no counterpart in ${second}${masked ? ' that can be masked' : ''}.`
        : 'Choose a token: both sides then say what they would expect there.'}
    </p>
  )
}

function Summary({
  name,
  prediction,
}: {
  readonly name: string
  readonly prediction: TokenPrediction | null
}) {
  if (!prediction) return null
  const { flips, divergence, entropy } = prediction
  return (
    <p className="soft">
      {name}:{' '}
      {isUnchanged(prediction) ? (
        <>one distribution before and after, entropy {formatNumber(entropy.before)} nats</>
      ) : (
        <>
          <span className={flips ? 'flips' : undefined}>
            {flips ? 'top token changes' : 'same top token'}
          </span>{' '}
          · KL {formatNumber(divergence)} nats · entropy {formatNumber(entropy.before)} →{' '}
          {formatNumber(entropy.after)} nats
        </>
      )}
    </p>
  )
}

function Agreement({ shown: { predictions, pairs } }: { readonly shown: ShownPredictions }) {
  const agreement = sharedTop(predictions, pairs)
  if (!agreement) return null
  return (
    <p className="soft">
      Of the {agreement.of} most probable after the change, {agreement.shared || 'none'}{' '}
      {agreement.shared === 1 ? 'is' : 'are'} the same on both sides.
    </p>
  )
}

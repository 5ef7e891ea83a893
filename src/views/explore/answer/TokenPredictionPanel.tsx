import { useState } from 'react'
import { formatNumber } from '../../../charts/formatNumber'
import { isUnchanged } from '../../../core/measures/tokenPrediction'
import { exportPredictionCsv } from '../../../state/explore/exports'
import { ownTokens } from '../../../state/explore/ownTokens'
import { memoizeSides } from '../../../state/memoize'
import {
  activeSubstitutions,
  activeTokenPrediction,
  languageModelHead,
  modelInfo,
  pieceKind,
  predictionPlace,
} from '../../../state/selectors'
import type { AppStoreState } from '../../../state/store'
import { Exports } from '../../Exports'
import { SideSwitch, useSide, useSideStore } from '../../side'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'
import { PlaceSwitch } from './PlaceSwitch'
import { PredictedTokens } from './PredictedTokens'
import { TextLikelihood } from './TextLikelihood'

const FEW = 5

/**
 * Shows, in place of a label, a language model's prediction at one place of the text, and the effect of the change on
 * it.
 */
export function TokenPredictionPanel() {
  const causal = useSideStore(languageModelHead) === 'causal-lm'
  const hasPlace = useSideStore((state, side) => predictionPlace(state, side) !== null)
  return (
    <section className="prediction token-prediction" aria-labelledby="prediction-heading">
      <div className="review-head">
        <h2 id="prediction-heading">{causal ? 'Next token' : 'Fill the mask'}</h2>
      </div>
      <SideSwitch what="Expected tokens" />
      <PlaceSwitch />
      {hasPlace ? <Distribution causal={causal} /> : <NoPlace />}
      <TextLikelihood />
    </section>
  )
}

function NoPlace() {
  const hasTokens = useSideStore((state, side) => state.sides[side].tokenized.value !== null)
  const hasMask = useSideStore((state, side) => modelInfo(state, side)?.details?.maskId !== undefined)
  if (!hasTokens) return <div className="skeleton prediction-skeleton" />
  return (
    <p className="panel-hint">
      {hasMask
        ? 'Choose a token: it is masked, and the model says what it would expect there. A mask written in the text is filled too.'
        : 'The tokenizer of this model names no mask token, so there is nothing to fill.'}
    </p>
  )
}

/** Returns a distribution with everything that its table names. */
const shownPrediction = memoizeSides(
  (state: AppStoreState, side) => [
    activeTokenPrediction(state, side),
    ownTokens(state, side),
    pieceKind(state, side),
    activeSubstitutions(state, side),
  ],
  (state, side) => {
    const prediction = activeTokenPrediction(state, side)
    const changed = (activeSubstitutions(state, side)?.length ?? 0) > 0
    return prediction && { prediction, own: ownTokens(state, side), kind: pieceKind(state, side), changed }
  },
)

function Distribution({ causal }: { readonly causal: boolean }) {
  const { status, failure } = useSideStore((state, side) => state.sides[side].prediction)
  const measuring = useMeasuring()
  const side = useSide()
  const { shown: kept, stale } = useSteady(
    useSideStore(shownPrediction),
    measuring || status === 'loading' || status === 'ready',
  )
  const [more, setMore] = useState(false)
  if (status === 'error') return <p className="panel-hint">{failure?.message}</p>
  if (!kept) return <div className="skeleton token-prediction-skeleton" />
  const { prediction: shown, own, kind, changed } = kept
  const same = isUnchanged(shown)
  return (
    <div className={stale ? 'stale' : undefined}>
      <PredictedTokens
        prediction={shown}
        own={own}
        kind={kind}
        causal={causal}
        same={same}
        count={more ? undefined : FEW}
      />
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
          title="Tokens"
          name="ripplescope-tokens"
          look="text"
          csv={(state) => exportPredictionCsv(state, side)}
        />
      </div>
      <p
        className="soft"
        title="Entropy of the distribution and Kullback–Leibler divergence of before from after"
      >
        {same ? (
          <>entropy {formatNumber(shown.entropy.before)} nats</>
        ) : (
          <>
            <span className={shown.flips ? 'flips' : undefined}>
              {shown.flips ? 'top token changes' : 'same top token'}
            </span>{' '}
            · KL {formatNumber(shown.divergence)} nats · entropy {formatNumber(shown.entropy.before)} →{' '}
            {formatNumber(shown.entropy.after)} nats
          </>
        )}
      </p>
      {same && changed && (
        <p className="soft">
          {causal
            ? 'This place stands before the change: a change reaches only later positions.'
            : 'The mask hides the change itself, and all else is the same: one distribution for both texts.'}
        </p>
      )}
    </div>
  )
}

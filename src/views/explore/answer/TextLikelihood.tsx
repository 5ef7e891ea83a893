import { useEffect, useState } from 'react'
import { formatDecimals, formatSignedDecimals } from '../../../charts/formatNumber'
import { useScrollFocus } from '../../../charts/useScrollFocus'
import { entryLabel } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import { exportLikelihoodsCsv } from '../../../state/explore/exports'
import { memoizeSides } from '../../../state/memoize'
import {
  activeLikelihoods,
  languageModelHead,
  likelihoodsKey,
  pieceKind,
  type TextLikelihoods,
  tokenName,
  totalLogProbability,
  vocabularyOf,
} from '../../../state/selectors'
import type { AppStoreState } from '../../../state/store'
import { useActions } from '../../appContext'
import { Exports } from '../../Exports'
import { useSide, useSideStore } from '../../side'
import { ForwardProgress } from '../ForwardProgress'
import { useSteady } from '../useSteady'

/** Shows how well a language model expects the text's own tokens; requested when it is opened. */
export function TextLikelihood() {
  const causal = useSideStore(languageModelHead) === 'causal-lm'
  const [open, setOpen] = useState(false)
  const side = useSide()
  const { readLikelihoods } = useActions()
  useEffect(() => {
    if (!open) return
    // Costs one forward a text: a causal model follows every change while this is open.
    if (causal) readLikelihoods('', side)
    return () => readLikelihoods(null, side)
  }, [open, causal, readLikelihoods, side])
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{causal ? 'Likelihood of the text' : 'Pseudo-likelihood of the text'}</summary>
      {open && <Likelihoods causal={causal} />}
    </details>
  )
}

/** Returns likelihoods with the names of the substitutes. */
const shownLikelihoods = memoizeSides(
  (state: AppStoreState, side) => [activeLikelihoods(state, side), vocabularyOf(state, side)],
  (state, side) => {
    const likelihoods = activeLikelihoods(state, side)
    if (!likelihoods) return null
    const { substitutions } = likelihoods
    const substitutes = new Map(
      substitutions.map((one) => [one.position, tokenName(state, one.tokenId, side)]),
    )
    return { ...likelihoods, substitutes, kind: pieceKind(state, side) }
  },
)

function Likelihoods({ causal }: { readonly causal: boolean }) {
  const { status, failure } = useSideStore((state, side) => state.sides[side].likelihoods)
  const key = useSideStore(likelihoodsKey)
  const side = useSide()
  const { readLikelihoods } = useActions()
  const { shown, stale } = useSteady(
    useSideStore(shownLikelihoods),
    causal && (status === 'loading' || status === 'ready'),
  )
  if (status === 'error') {
    return (
      <p className="panel-hint" role="alert">
        {failure?.message} {failure?.advice}
      </p>
    )
  }
  if (!shown && !causal) {
    return (
      <>
        <p className="soft">
          Each token is masked in turn and its probability taken, in the original and in the changed text
          (Salazar et al. 2020): one forward a token.
        </p>
        <button
          type="button"
          className="button"
          disabled={key === null}
          onClick={() => readLikelihoods(key, side)}
        >
          Measure each token
        </button>
      </>
    )
  }
  if (!shown) return <p className="panel-hint">Waiting for the model.</p>
  return (
    <div className={stale ? 'stale' : undefined}>
      {!causal && shown.done < shown.total && (
        <ForwardProgress label="Tokens measured" {...shown} onStop={() => readLikelihoods(null, side)} />
      )}
      <Totals {...shown} causal={causal} />
      <LikelihoodTable {...shown} />
      {shown.done === shown.total && (
        <Exports
          title="Likelihoods"
          name="ripplescope-likelihoods"
          look="text"
          csv={(state) => exportLikelihoodsCsv(state, side)}
        />
      )}
    </div>
  )
}

/** Draws the sums of both texts, once they are complete. */
function Totals({ before, after, done, total, causal }: TextLikelihoods & { readonly causal: boolean }) {
  if (done < total || total === 0) return null
  const [first, second] = [before, after].map(totalLogProbability)
  return (
    <p className="soft" title="sum of ln p over the tokens below">
      {causal ? 'ln p of the text' : 'pseudo-ln p of the text'} {formatDecimals(first, 2)}
      {before !== after && (
        <>
          {' '}
          → {formatDecimals(second, 2)} nats · change {formatSignedDecimals(second - first, 2)}
        </>
      )}
      {before === after && ' nats'}
    </p>
  )
}

interface LikelihoodTableProps extends TextLikelihoods {
  /** Substitutes by position. */
  readonly substitutes: ReadonlyMap<number, string>
  readonly kind: PieceKind
}

function LikelihoodTable(props: LikelihoodTableProps) {
  const { tokenized, substitutions, before, after, substitutes, kind } = props
  const later = new Map(after.map((token) => [token.position, token]))
  const changed = substitutions.length > 0
  const frame = useScrollFocus<HTMLElement>()
  return (
    <section className="likelihoods" aria-label="Likelihood of each token" ref={frame}>
      <table className="table">
        <caption className="visually-hidden">ln p of each token of the text, in nats</caption>
        <thead>
          <tr>
            <th scope="col">token</th>
            <th scope="col" className="number" title="ln p, in nats">
              {changed ? 'before' : 'ln p'}
            </th>
            {changed && (
              <>
                <th scope="col" className="number" title="ln p, in nats">
                  after
                </th>
                <th scope="col" className="number" title="after minus before">
                  Δ ln p
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {before.map(({ position, logProbability, rank }) => {
            const then = later.get(position)
            const substitute = substitutes.get(position)
            return (
              <tr key={position} data-changed={substitute !== undefined || undefined}>
                <th scope="row">
                  {entryLabel(tokenized.tokens[position].text, kind)}
                  {substitute !== undefined && ` → ${entryLabel(substitute, kind)}`}
                </th>
                <td className="number" title={`rank ${rank}`}>
                  {formatDecimals(logProbability, 2)}
                </td>
                {changed && (
                  <>
                    <td className="number" title={then && `rank ${then.rank}`}>
                      {then ? formatDecimals(then.logProbability, 2) : '·'}
                    </td>
                    <td className="number">
                      {then ? formatSignedDecimals(then.logProbability - logProbability, 2) : '·'}
                    </td>
                  </>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

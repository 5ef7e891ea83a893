import { formatDecimals, formatNumber, formatSignedDecimals } from '../../charts/formatNumber'
import type { PredictionChange } from '../../core/prediction'
import { SideSwitch } from '../side'

/** Shows the answer of a model with a head, and the effect of the change on it; a skeleton while it is not known. */
export function PredictionPanel({
  prediction,
  stale = false,
}: {
  readonly prediction: PredictionChange | null
  readonly stale?: boolean
}) {
  return (
    <section className="prediction" aria-labelledby="prediction-heading">
      <div className="review-head">
        <h2 id="prediction-heading">Prediction</h2>
      </div>
      <SideSwitch what="Prediction" />
      {prediction ? (
        <div className={stale ? 'stale' : undefined}>
          <Answer prediction={prediction} />
        </div>
      ) : (
        <div className="skeleton prediction-skeleton" />
      )}
    </section>
  )
}

/** Says, in the prediction's place, that the model has no head; of two sides the other one can be picked there. */
export function NoHeadPanel() {
  return (
    <section className="prediction" aria-labelledby="prediction-heading">
      <div className="review-head">
        <h2 id="prediction-heading">Prediction</h2>
      </div>
      <SideSwitch what="Prediction" />
      <p className="panel-hint">
        This model has no head, so it predicts nothing: no label and no token. What is shown is how its hidden
        states move.
      </p>
    </section>
  )
}

function Answer({ prediction }: { readonly prediction: PredictionChange }) {
  const { labels, kind, probabilities, values, label, difference, divergence, flips } = prediction
  const value = values.after[label.after]
  return (
    <>
      <p className="prediction-label">
        <strong>{labels[label.after] ?? `label ${label.after}`}</strong>
        <span>{formatDecimals(value, 3)}</span>
      </p>
      {probabilities && (
        <div className="bar" aria-hidden="true">
          <span style={{ width: `${value * 100}%` }} />
        </div>
      )}
      <p className="soft">
        was {flips && `${labels[label.before]} `}
        {formatDecimals(values.before[label.before], 3)} · change {formatSignedDecimals(difference, 4)}
        {probabilities && (
          <>
            {' '}
            · <span className={flips ? 'flips' : undefined}>{flips ? 'label flips' : 'label kept'}</span>
          </>
        )}
      </p>
      {probabilities ? (
        <p
          className="soft"
          title="Kullback–Leibler divergence, in nats, of the answer before from that after"
        >
          KL {formatNumber(divergence)} nats
        </p>
      ) : (
        <p className="soft">A score: this model gives no probability.</p>
      )}
      {kind === 'sigmoid' && labels.length > 1 && <IndependentLabels prediction={prediction} />}
    </>
  )
}

/** Most labels listed. */
const LISTED = 6

/** Draws labels with independent probabilities: those that are most probable before or after. */
function IndependentLabels({ prediction: { labels, values } }: { readonly prediction: PredictionChange }) {
  const highest = (i: number) => Math.max(values.before[i], values.after[i])
  const listed = [...labels.keys()].sort((a, b) => highest(b) - highest(a)).slice(0, LISTED)
  return (
    <ul className="soft" aria-label="Each label by itself, before and after">
      {listed.map((i) => (
        <li key={labels[i]}>
          {labels[i]} {formatDecimals(values.before[i], 3)} → {formatDecimals(values.after[i], 3)}
        </li>
      ))}
    </ul>
  )
}

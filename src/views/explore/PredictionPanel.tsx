import { formatDecimals, formatNumber, formatSignedDecimals } from '../../charts/formatNumber'
import type { PredictionChange } from '../../core/prediction'

/** The model's answer, for those that have a head, and what the change did to it; null while it is not known. */
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

function Answer({ prediction }: { readonly prediction: PredictionChange }) {
  const { labels, probabilities, label, difference, divergence, flips } = prediction
  const probability = probabilities.after[label.after]
  return (
    <>
      <p className="prediction-label">
        <strong>{labels[label.after] ?? `label ${label.after}`}</strong>
        <span>{formatDecimals(probability, 3)}</span>
      </p>
      <div className="bar" aria-hidden="true">
        <span style={{ width: `${probability * 100}%` }} />
      </div>
      <p className="soft">
        was {flips && `${labels[label.before]} `}
        {formatDecimals(probabilities.before[label.before], 3)} · change {formatSignedDecimals(difference, 4)}{' '}
        · <span className={flips ? 'flips' : undefined}>{flips ? 'label flips' : 'label kept'}</span>
      </p>
      <p className="soft" title="Kullback–Leibler divergence, in nats, of the answer before from that after">
        KL {formatNumber(divergence)} nats
      </p>
    </>
  )
}

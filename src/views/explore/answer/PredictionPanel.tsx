import { formatDecimals, formatNumber, formatSignedDecimals } from '../../../charts/formatNumber'
import type { PredictionChange } from '../../../core/measures/prediction'
import { SideSwitch } from '../../side'
import { Term } from '../../Term'
import { LabelNames } from './LabelNames'

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
        <LabelNames />
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

/**
 * Draws the answer: the label, the change as the large number, and the value before and after as two marks. What depends
 * on the change stands last in its line, so that nothing moves when the next answer arrives.
 */
function Answer({ prediction }: { readonly prediction: PredictionChange }) {
  const { labels, kind, probabilities, values, label, difference, divergence, flips } = prediction
  const nameOf = (i: number) => labels[i] ?? `label ${i}`
  const of = label.before
  const several = kind === 'sigmoid' && labels.length > 1
  return (
    <>
      <p className="prediction-label">
        {nameOf(of)}
        {label.after !== of && ` → ${nameOf(label.after)}`}
      </p>
      <p className="prediction-change">{formatSignedDecimals(difference, 4)}</p>
      {probabilities && <Marks before={values.before[of]} after={values.after[of]} />}
      <p className="soft">
        {probabilities ? 'probability' : 'score'} of {nameOf(of)}{' '}
        <span className="prediction-values">{beforeAndAfter(values, of)}</span>
      </p>
      {probabilities ? (
        <p className="soft">
          <Term name="KL">KL</Term> {formatNumber(divergence)} nats ·{' '}
          <span className={flips ? 'flips' : undefined}>{verdict(prediction, nameOf)}</span>
        </p>
      ) : (
        <p className="soft">This model gives a score, no probability.</p>
      )}
      {several && <IndependentLabels prediction={prediction} />}
    </>
  )
}

/** Returns what happens to the label; an only label has no other one to flip to. */
function verdict({ label, flips, values }: PredictionChange, nameOf: (i: number) => string): string {
  if (!flips) return 'same label'
  if (label.after !== label.before) return `label flips to ${nameOf(label.after)}`
  return values.after[label.after] < 0.5 ? 'label flips: below one half' : 'label flips: above one half'
}

const beforeAndAfter = ({ before, after }: PredictionChange['values'], i: number) =>
  `${formatDecimals(before[i], 3)} → ${formatDecimals(after[i], 3)}`

/** Draws a probability before (ring) and after (dot) on the line from 0 to 1; the words beside it say both. */
function Marks({ before, after }: { readonly before: number; readonly after: number }) {
  const [low, high] = before < after ? [before, after] : [after, before]
  return (
    <svg className="marks" aria-hidden="true">
      <line className="marks-rule" x1="0%" x2="100%" y1="50%" y2="50%" />
      <line className="marks-between" x1={percent(low)} x2={percent(high)} y1="50%" y2="50%" />
      <circle className="mark" cx={percent(before)} cy="50%" r="5" />
      <circle className="mark" data-after="" cx={percent(after)} cy="50%" r="4" />
    </svg>
  )
}

const percent = (share: number) => `${share * 100}%`

/** Most labels listed. */
const LISTED = 6

/** Draws labels with independent probabilities: those that are most probable before or after. */
function IndependentLabels({ prediction: { labels, values } }: { readonly prediction: PredictionChange }) {
  const highest = (i: number) => Math.max(values.before[i], values.after[i])
  const listed = [...labels.keys()].sort((a, b) => highest(b) - highest(a)).slice(0, LISTED)
  return (
    <ul className="soft independent-labels" aria-label="Each label by itself, before and after">
      {listed.map((i) => (
        <li key={labels[i]}>
          <span>
            {labels[i]} {beforeAndAfter(values, i)}
          </span>
          <Marks before={values.before[i]} after={values.after[i]} />
        </li>
      ))}
    </ul>
  )
}

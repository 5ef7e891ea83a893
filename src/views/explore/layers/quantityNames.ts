import { formatDecimals, formatNumber, formatSignedDecimals } from '../../../charts/formatNumber'
import type { AnswerKind } from '../../../core/measures/answerKind'
import { NORM_NAMES, type Norm } from '../../../core/measures/norm'
import type { Tint } from '../../../core/session/session'

/** Holds the names of a quantity of the review. */
export interface QuantityName {
  /** Name in a switch and in the heading of a column. */
  readonly short: string
  /** Name before a value of one token. */
  readonly spoken: string
  /** Its meaning. */
  readonly title: string
}

const ANSWERS: Readonly<Record<AnswerKind, QuantityName>> = {
  label: {
    short: 'Δ p',
    spoken: 'Δ p',
    title: 'Change of the probability of the label that stood first, by size: |p(after) − p(before)|',
  },
  score: { short: 'Δ score', spoken: 'Δ score', title: 'Change of the score that stood first, by size' },
  'next-token': {
    short: 'KL next',
    spoken: 'KL next token',
    title: 'Kullback–Leibler divergence, in nats, of the next token’s distribution after the text',
  },
  mask: {
    short: 'KL at mask',
    spoken: 'KL at the mask',
    title: 'Kullback–Leibler divergence, in nats, of the distribution at the mask of the text',
  },
}

interface Names {
  readonly norm: Norm
  /** Index of the last layer; null while the model is not known. */
  readonly layers: number | null
  readonly kind: AnswerKind | null
}

/** Returns the names of a quantity; a model without an answer has the classifier's, of a choice it cannot make. */
export function quantityName(quantity: Tint, { norm, layers, kind }: Names): QuantityName {
  if (quantity === 'answer') return ANSWERS[kind ?? 'label']
  if (quantity === 'distance') {
    return {
      short: `D at layer ${layers ?? 'L'}`,
      spoken: `D at layer ${layers ?? 'L'}`,
      title: 'Distance at the last layer: ‖h_L(x) − h_L(x′)‖₂ over the whole sequence',
    }
  }
  return {
    short: `embedding shift, ${NORM_NAMES[norm]}`,
    spoken: `shift ${NORM_NAMES[norm]}`,
    title: 'How far the output of the embedding layer moves: ‖h₀(x) − h₀(x′)‖',
  }
}

/** Formats a value of one token: a change of a probability or a score with its sign. */
export function formatQuantity(value: number, quantity: Tint, kind: AnswerKind | null): string {
  if (quantity !== 'answer') return formatNumber(value)
  return kind === 'label' || kind === 'score' ? formatSignedDecimals(value, 4) : formatDecimals(value, 4)
}

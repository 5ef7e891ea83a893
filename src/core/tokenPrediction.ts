import type { Substitution } from './substitution'

/** Where a token stands in a distribution over the vocabulary. */
export interface TokenChance {
  readonly probability: number
  /** 1: the most probable; equal ones by id. */
  readonly rank: number
}

export interface PredictedToken {
  readonly tokenId: number
  readonly token: string
  /** In the original text. */
  readonly before: TokenChance
  /** In the perturbed one. */
  readonly after: TokenChance
}

export interface TokenPredictionRequest {
  readonly inputIds: readonly number[]
  /** None: before and after are the same. */
  readonly substitutions: readonly Substitution[]
  /** Causal model: the token after which one looks. Masked model: the place that the mask takes, in both texts. */
  readonly position: number
  /** 1..50 */
  readonly k: number
  /** Also report these tokens, in this order. */
  readonly also?: readonly number[]
}

/** A language model's distribution over the vocabulary at one place, before and after a change. */
export interface TokenPrediction {
  readonly position: number
  /** The k most probable in the original text, best first. */
  readonly before: readonly PredictedToken[]
  /** The k most probable in the perturbed text, best first. */
  readonly after: readonly PredictedToken[]
  /** Those asked for by id. */
  readonly also: readonly PredictedToken[]
  /** In nats. */
  readonly entropy: { readonly before: number; readonly after: number }
  /** KL(before || after) in nats. */
  readonly divergence: number
  /** Whether another token stands first. */
  readonly flips: boolean
}

/** Whether both texts are the same to the model at this place: exactly so, not nearly. */
export function isUnchanged({ divergence, entropy, before, after }: TokenPrediction): boolean {
  return (
    divergence === 0 &&
    entropy.before === entropy.after &&
    before.every(({ tokenId }, i) => tokenId === after[i]?.tokenId)
  )
}

export interface TokenLikelihoodsRequest {
  readonly inputIds: readonly number[]
  /** Tokens asked about; in a causal model none is the first, which nothing predicts. */
  readonly positions: readonly number[]
}

/** How well a language model expects a token of the text itself. */
export interface TokenLikelihood {
  readonly position: number
  /** ln p, in nats: given what stands before it (causal), or all else with the token masked (Salazar et al. 2020). */
  readonly logProbability: number
  /** 1: no token was more probable there. */
  readonly rank: number
}

/** What a causal model says comes after the last token, before and after a change. */
export interface NextTokenChange {
  /** KL(before || after) in nats. */
  readonly divergence: number
  readonly flips: boolean
}

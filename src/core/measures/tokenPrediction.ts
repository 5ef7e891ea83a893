import type { Substitution } from './substitution'

/** Holds a token's probability and rank in a distribution over the vocabulary. */
export interface TokenChance {
  readonly probability: number
  /** 1: the most probable; equal ones by id. */
  readonly rank: number
}

export interface PredictedToken {
  readonly tokenId: number
  readonly token: string
  /** Probability and rank in the original text. */
  readonly before: TokenChance
  /** Probability and rank in the perturbed text. */
  readonly after: TokenChance
}

export interface TokenPredictionRequest {
  readonly inputIds: readonly number[]
  /** Empty: before and after are the same. */
  readonly substitutions: readonly Substitution[]
  /**
   * Causal model: the token after which the next one is predicted. Masked model: the position that is masked, in both
   * texts.
   */
  readonly position: number
  /** 1..50 */
  readonly k: number
  /** Further tokens to report, in this order. */
  readonly also?: readonly number[]
}

/** Holds a language model's distribution over the vocabulary at one position, before and after a change. */
export interface TokenPrediction {
  readonly position: number
  /** Tokens most probable in the original text, k of them, best first. */
  readonly before: readonly PredictedToken[]
  /** Tokens most probable in the perturbed text, k of them, best first. */
  readonly after: readonly PredictedToken[]
  /** Tokens that were asked for by id. */
  readonly also: readonly PredictedToken[]
  /** Entropy in nats. */
  readonly entropy: { readonly before: number; readonly after: number }
  /** KL(before || after) in nats. */
  readonly divergence: number
  /** True if another token is the most probable. */
  readonly flips: boolean
}

/** Says whether both texts are exactly the same to the model at this position. */
export function isUnchanged({ divergence, entropy, before, after }: TokenPrediction): boolean {
  return (
    divergence === 0 &&
    entropy.before === entropy.after &&
    before.every(({ tokenId }, i) => tokenId === after[i]?.tokenId)
  )
}

export interface TokenLikelihoodsRequest {
  readonly inputIds: readonly number[]
  /**
   * Positions of the tokens asked about; the first token of a causal model is none of them, since nothing predicts it.
   */
  readonly positions: readonly number[]
}

/** Says how well a language model expects a token of the text itself. */
export interface TokenLikelihood {
  readonly position: number
  /** ln p, in nats: given the tokens before it (causal), or all others with the token masked (Salazar et al. 2020). */
  readonly logProbability: number
  /** 1: no token was more probable there. */
  readonly rank: number
}

/** Compares a causal model's prediction after the last token, before and after a change. */
export interface NextTokenChange {
  /** KL(before || after) in nats. */
  readonly divergence: number
  readonly flips: boolean
}

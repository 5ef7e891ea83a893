import type { Substitution } from './substitution'

export interface LayerAnswersRequest {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  /** Place of a language model's prediction, as in `TokenPredictionRequest`; null for a classifier. */
  readonly place: number | null
}

/** Holds a number of each layer 0..L, before and after a change. */
export interface ByLayer<T> {
  readonly before: readonly T[]
  readonly after: readonly T[]
}

/**
 * Holds what the model's head answers to the hidden states of each layer (logit lens, nostalgebraist 2020). The head was
 * trained for the last layer only; the final norm, where there is one, comes before it.
 */
export type LayerAnswers =
  | { readonly kind: 'labels' /** Logits by label. */; readonly logits: ByLayer<readonly number[]> }
  | {
      readonly kind: 'token'
      /** Token that the model expects first at the place in the original text. */
      readonly tokenId: number
      readonly token: string
      /** Probability of that token. */
      readonly probability: ByLayer<number>
    }

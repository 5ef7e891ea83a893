/**
 * Names hidden states of one sequence that those of another take the place of: those of each layer at each position.
 * Layers count from 0, the embedding layer's output; positions from 0, special tokens included.
 */
export interface StatePatch {
  readonly layers: readonly number[]
  readonly positions: readonly number[]
}

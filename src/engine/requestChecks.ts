import { fail } from '../core/failure'
import type { StatePatch } from '../core/measures/statePatch'
import type { Substitution } from '../core/measures/substitution'

/** Longest list of nearest, closest or most probable tokens. */
export const MAX_NEIGHBORS = 50

/** Rejects what a model cannot be asked: each throws a FailureError of kind `invalid-request`. */
export interface RequestChecks {
  /** Checks a whole sequence. */
  sequence(inputIds: readonly number[]): void
  tokens(tokenIds: readonly number[]): void
  positions(inputIds: readonly number[], positions: readonly number[]): void
  /** Checks layers: each is 0 to L. */
  layers(layers: readonly number[]): void
  /** Checks substitutions: known tokens, each at a position of its own. */
  substitutions(inputIds: readonly number[], substitutions: readonly Substitution[]): void
  k(k: number): void
  /** Checks patches: at least one, of layers 0..L and of positions. */
  patches(inputIds: readonly number[], patches: readonly StatePatch[]): void
}

const invalid = (message: string): never => fail('invalid-request', message)

export function createRequestChecks(sizes: {
  readonly maxPositions: number
  readonly vocabularySize: number
  /** L */
  readonly layers: number
}): RequestChecks {
  const { maxPositions, vocabularySize, layers } = sizes
  const checks: RequestChecks = {
    sequence(inputIds) {
      if (inputIds.length === 0) invalid('There is no token to measure.')
      if (inputIds.length > maxPositions) {
        invalid(`${inputIds.length} tokens are more than the ${maxPositions} this model reads.`)
      }
      checks.tokens(inputIds)
    },
    tokens(tokenIds) {
      for (const id of tokenIds) {
        if (!Number.isInteger(id) || id < 0 || id >= vocabularySize) {
          invalid(`There is no token ${id} in a vocabulary of ${vocabularySize}.`)
        }
      }
    },
    positions(inputIds, positions) {
      for (const position of positions) {
        if (!Number.isInteger(position) || position < 0 || position >= inputIds.length) {
          invalid(`There is no position ${position} in ${inputIds.length} tokens.`)
        }
      }
    },
    substitutions(inputIds, substitutions) {
      const changed = substitutions.map(({ position }) => position)
      checks.tokens(substitutions.map(({ tokenId }) => tokenId))
      checks.positions(inputIds, changed)
      if (new Set(changed).size < changed.length) invalid('A position can be substituted once.')
    },
    patches(inputIds, patches) {
      if (patches.length === 0) invalid('There is nothing to patch.')
      for (const patch of patches) {
        checks.positions(inputIds, patch.positions)
        checks.layers(patch.layers)
      }
    },
    layers(asked) {
      if (asked.some((layer) => !Number.isInteger(layer) || layer < 0 || layer > layers)) {
        invalid(`A layer of ${asked} is not one of 0 to ${layers}.`)
      }
    },
    k(k) {
      if (!Number.isInteger(k) || k < 1 || k > MAX_NEIGHBORS) {
        invalid(`k is ${k}; it must be 1 to ${MAX_NEIGHBORS}.`)
      }
    },
  }
  return checks
}

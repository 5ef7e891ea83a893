/** Replaces one token by another: t_i -> t' (eq. 1 chooses t' as the nearest neighbour). */
export interface Substitution {
  /** Position from 0 over the input ids, special tokens included. */
  readonly position: number
  readonly tokenId: number
}

/**
 * Returns the perturbed input ids. Ids are edited, not text, so positions stay aligned.
 *
 * @throws RangeError for a position outside the sequence
 */
export function substituteTokens(
  inputIds: readonly number[],
  substitutions: readonly Substitution[],
): number[] {
  const perturbed = inputIds.slice()
  for (const { position, tokenId } of substitutions) {
    if (!Number.isInteger(position) || position < 0 || position >= inputIds.length) {
      throw new RangeError(`position ${position} is outside the ${inputIds.length} tokens`)
    }
    perturbed[position] = tokenId
  }
  return perturbed
}

/** Returns a stable key: the same substitutions in any order give the same one. */
export function substitutionsKey(substitutions: readonly Substitution[]): string {
  return [...substitutions]
    .sort((a, b) => a.position - b.position)
    .map(({ position, tokenId }) => `${position}:${tokenId}`)
    .join(',')
}

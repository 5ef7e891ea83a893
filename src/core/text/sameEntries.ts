import type { TokenNames } from '../corpus/run'

/** Says whether a run's tokens are entries of a vocabulary under the same ids, so that its counts are of these entries. */
export function sameEntries(names: TokenNames, vocabulary: readonly string[]): boolean {
  return names.length > 0 && names.every(([tokenId, token]) => vocabulary[tokenId] === token)
}

/**
 * Returns the position of each token as RoBERTa counts: from 0, -1 at tokens that are not counted.
 *
 * @param uncounted ids of such tokens: padding, in the families that count positions from the ids
 */
export function positionIdsOf(inputIds: readonly number[], uncounted: ReadonlySet<number>): number[] {
  let count = 0
  return inputIds.map((id) => (uncounted.has(id) ? -1 : count++))
}

/** Holds finite numbers of one quantity; a typed array or a list. */
export type NumericColumn = ArrayLike<number>

/**
 * Says whether all values are equal. Compares rather than computes: the rounded mean of equal values may differ from
 * them, which would give them a variance.
 */
export function isConstant(column: NumericColumn): boolean {
  for (let i = 1; i < column.length; i++) if (column[i] !== column[0]) return false
  return true
}

/** Returns a list, as simple-statistics needs it: its types know no typed arrays. */
export function toNumbers(column: NumericColumn): readonly number[] {
  return Array.isArray(column) ? column : Array.from(column)
}

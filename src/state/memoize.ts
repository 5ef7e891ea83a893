/**
 * Returns a selector that computes again only when one of its dependencies changes: the last result is held, so that a
 * store's subscriber sees the same reference as long as nothing has changed for it.
 *
 * @param dependencies everything that `compute` reads from the source
 */
export function memoize<S, R>(
  dependencies: (source: S) => readonly unknown[],
  compute: (source: S) => R,
): (source: S) => R {
  let last: { readonly values: readonly unknown[]; readonly result: R } | null = null
  return (source) => {
    const values = dependencies(source)
    if (last?.values.every((value, i) => Object.is(value, values[i]))) return last.result
    last = { values, result: compute(source) }
    return last.result
  }
}

/** Memoizes a selector for each side separately; without a side it is that of the session's own. */
export function memoizeSides<S, R>(
  dependencies: (source: S, side: number) => readonly unknown[],
  compute: (source: S, side: number) => R,
): (source: S, side?: number) => R {
  const bySide: ((source: S) => R)[] = []
  return (source, side = 0) => {
    bySide[side] ??= memoize(
      (one: S) => dependencies(one, side),
      (one: S) => compute(one, side),
    )
    return bySide[side](source)
  }
}

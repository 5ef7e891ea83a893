import type { StoreApi } from 'zustand/vanilla'

/**
 * Calls `look` after each change of the parts of a state that it reads, and after no other.
 *
 * @param parts in the same number and order each time; compared by reference
 * @returns a function that ends it
 */
export function subscribeTo<S>(
  store: Pick<StoreApi<S>, 'subscribe'>,
  parts: (state: S) => readonly unknown[],
  look: () => void,
): () => void {
  return store.subscribe((state, former) => {
    const before = parts(former)
    if (!parts(state).every((part, i) => Object.is(part, before[i]))) look()
  })
}

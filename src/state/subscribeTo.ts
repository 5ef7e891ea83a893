import type { StoreApi } from 'zustand/vanilla'

/**
 * Calls `look` after each change of the parts of a state that it reads, and after no other.
 *
 * @param parts in the same number and order each time; compared by reference
 * @returns ends it
 */
export function subscribeTo<S>(
  store: Pick<StoreApi<S>, 'getState' | 'subscribe'>,
  parts: (state: S) => readonly unknown[],
  look: () => void,
): () => void {
  let seen = parts(store.getState())
  return store.subscribe((state) => {
    const present = parts(state)
    if (present.every((part, i) => Object.is(part, seen[i]))) return
    seen = present
    look()
  })
}

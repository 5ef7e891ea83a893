import type { PrecacheEntry } from 'workbox-precaching'

/** The address without what changes with the version: Workbox's revision and the hash in the name. */
function stemOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replace(/-[\w-]{8}(?=\.js$)/, '')
}

/**
 * Of the files kept on use, those that the former version had kept: what this browser uses is then there in the new
 * version too, without a network.
 *
 * @param kept addresses in the former version's cache
 * @param base address that entries are relative to
 */
export function usedEntries(
  onUse: readonly PrecacheEntry[],
  kept: readonly string[],
  base: string,
): PrecacheEntry[] {
  const stems = new Set(kept.map(stemOf))
  return onUse.filter(({ url }) => stems.has(stemOf(new URL(url, base).href)))
}

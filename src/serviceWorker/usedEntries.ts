import type { PrecacheEntry } from 'workbox-precaching'

/** Returns the address without what changes with the version: Workbox's revision and the hash in the name. */
function stemOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replace(/-[\w-]{8}(?=\.js$)/, '')
}

/**
 * Returns the files, of those saved on use, that the former version had saved: the new version then has what this
 * browser uses, without a network.
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

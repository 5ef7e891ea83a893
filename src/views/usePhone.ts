import { useSyncExternalStore } from 'react'

const NARROW = '(max-width: 48rem)'

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia?.(NARROW)
  query?.addEventListener('change', listener)
  return () => query?.removeEventListener('change', listener)
}

/** Says whether the page is as narrow as a phone: shorter lists, closed disclosures. */
export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia?.(NARROW).matches ?? false)
}

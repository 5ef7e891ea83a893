import { provenanceLine } from '../state/selectors'
import { useAppStore } from './appContext'

/** Where the numbers on screen come from. */
export function ProvenanceLine() {
  const line = useAppStore(provenanceLine)
  return <footer className="provenance soft">{line ?? 'No result on screen yet.'}</footer>
}

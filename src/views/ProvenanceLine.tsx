import { provenanceLine } from '../state/selectors'
import { useAppStore } from './appContext'

/** Names the source of the numbers on screen. */
export function ProvenanceLine() {
  const line = useAppStore(provenanceLine)
  return <footer className="provenance soft">{line ?? 'No result on screen yet.'}</footer>
}

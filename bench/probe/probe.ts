import { type Remote, wrap } from 'comlink'
import type { Probe } from './probe.worker'

declare global {
  interface Window {
    /** The bench's own worker, in whichever page it was put. */
    probe: Remote<Probe>
  }
}

window.probe = wrap<Probe>(
  new Worker(new URL('./probe.worker.ts', import.meta.url), { type: 'module', name: 'probe' }),
)

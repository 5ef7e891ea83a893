import { connect, proxy } from '../../src/core/rpc'
import { portOf } from '../../src/worker/workerConnection'
import type { Probe } from './probe.worker'

type Answering<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}

declare global {
  interface Window {
    /** The bench's own worker, in whichever page it was put. */
    probe: Answering<Probe>
  }
}

const worker = new Worker(new URL('./probe.worker.ts', import.meta.url), { type: 'module', name: 'probe' })
window.probe = proxy<Answering<Probe>>(connect(portOf(worker)).call)

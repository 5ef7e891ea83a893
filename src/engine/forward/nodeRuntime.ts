import * as ort from 'onnxruntime-node'
import { nodeTokenizers } from '../tokenizer/nodeTokenizers'
import { createRuntime, type OnnxRuntime, type Runtime } from './runtime'

/**
 * Threads without work look for more in a loop, as onnxruntime has it, but no longer than a forward's own gaps last, and
 * not after it: each session has threads of its own, which would take the cores from those of the session at work and from
 * whatever else the machine does (docs/performance-notes.md).
 */
const BRIEF_SPINNING = { force_spinning_stop: '1', intra_op: { spin_duration_us: '1000' } }

export interface NodeRuntimeOptions {
  /** true if idle threads spin as long as the runtime's own default; else they stop early. */
  readonly spinning?: boolean
}

/** Creates the runtime of onnxruntime-node on the processor. @param threads 0: as many as there are cores */
export function createNodeRuntime(threads = 0, { spinning = false }: NodeRuntimeOptions = {}): Runtime {
  return createRuntime(ort as unknown as OnnxRuntime, {
    device: 'onnxruntime-node',
    fusedAttention: true,
    sessionOptions: { intraOpNumThreads: threads, graphOptimizationLevel: 'all', logSeverityLevel: 3 },
    sessionEntries: spinning ? {} : BRIEF_SPINNING,
    externalData: async (blob) => new Uint8Array(await blob.arrayBuffer()),
    tokenizers: nodeTokenizers,
  })
}

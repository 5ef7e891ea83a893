import * as ort from 'onnxruntime-node'
import { createRuntime, type OnnxRuntime, type Runtime } from './runtime'

/** onnxruntime-node on the processor. @param threads 0: as many as there are cores */
export function createNodeRuntime(threads = 0): Runtime {
  return createRuntime(ort as unknown as OnnxRuntime, {
    device: 'onnxruntime-node',
    fusedAttention: true,
    sessionOptions: { intraOpNumThreads: threads, graphOptimizationLevel: 'all', logSeverityLevel: 3 },
    externalData: async (blob) => new Uint8Array(await blob.arrayBuffer()),
  })
}

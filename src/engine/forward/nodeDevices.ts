import * as ort from 'onnxruntime-node'
import { fail } from '../../core/failure'
import { nodeTokenizers } from '../tokenizer/nodeTokenizers'
import { createNodeRuntime } from './nodeRuntime'
import { createRuntime, type OnnxRuntime, type Runtime } from './runtime'

/** Devices that a model can run on in Node. */
export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const
export type NodeDevice = (typeof DEVICES)[number]

const NAMES = { cuda: 'CUDA', webgpu: 'WebGPU' } as const

/**
 * Starts a device of this machine, in fp32 throughout.
 *
 * @param threads of the processor; 0: as many as there are cores
 * @throws FailureError `invalid-request` where the installed runtime cannot use the device
 */
export async function openNodeDevice(device: NodeDevice, threads: number): Promise<Runtime> {
  if (device === 'cpu') return createNodeRuntime(threads)
  const advice = 'Use --device cpu.'
  const name = NAMES[device]
  if (!ort.listSupportedBackends().some((backend) => backend.name === device)) {
    fail('invalid-request', `The installed onnxruntime-node does not know ${name}.`, { advice })
  }
  // Products in TF32 have errors of 1e-3, larger than some distances. Read when CUDA starts.
  if (device === 'cuda') process.env.NVIDIA_TF32_OVERRIDE = '0'
  ort.env.logLevel = 'fatal'
  const runtime = createRuntime(ort as unknown as OnnxRuntime, {
    device: `onnxruntime-node, ${name}`,
    // WebGPU's own operator was wrong at some lengths (webRuntime.ts).
    fusedAttention: device === 'cuda',
    sessionOptions: {
      executionProviders: [device],
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    },
    externalData: async (blob) => new Uint8Array(await blob.arrayBuffer()),
    tokenizers: nodeTokenizers,
  })
  try {
    await runtime.warmUp()
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    // The part before it names a line of the runtime's source.
    const said = reason
      .replace(/^\/.* was false\. /s, '')
      .trim()
      .replace(/\.?$/, '.')
    fail('invalid-request', `${name} cannot be used here: ${said}`, { advice })
  }
  return runtime
}

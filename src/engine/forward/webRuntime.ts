import type { Env } from 'onnxruntime-web'
import { webTokenizers } from '../tokenizer/webTokenizers'
import { createRuntime, type OnnxRuntime, type Runtime } from './runtime'

export type Provider = 'wasm' | 'webgpu'

export interface WebRuntimeOptions {
  /** Folder of the runtime's `.mjs` and `.wasm`, on the page's own origin. */
  readonly runtimeUrl: string
  readonly threads: number
}

/** Holds onnxruntime-web on its two kinds of device. */
export interface WebRuntimes {
  readonly wasm: Runtime
  readonly webgpu: Runtime
}

/** @param ort one of onnxruntime-web's entries; only the one over JSPI or asyncify knows WebGPU */
export function createWebRuntimes(
  ort: OnnxRuntime & { readonly env: Env },
  { runtimeUrl, threads }: WebRuntimeOptions,
): WebRuntimes {
  ort.env.wasm.wasmPaths = runtimeUrl
  ort.env.wasm.numThreads = threads
  ort.env.logLevel = 'error'
  const on = (provider: Provider, device: string) =>
    createRuntime(ort, {
      device,
      // WebGPU's was right at 16 tokens and wrong at 34 (onnxruntime-web 1.31, SwiftShader: D_l off by up to 130 %).
      fusedAttention: provider !== 'webgpu',
      sessionOptions: { executionProviders: [provider], graphOptimizationLevel: 'all', logSeverityLevel: 3 },
      externalData: async (blob) => blob,
      tokenizers: webTokenizers,
    })
  return { wasm: on('wasm', `WASM × ${threads}`), webgpu: on('webgpu', 'WebGPU') }
}

import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web'
import { writeIdentityGraph } from '../../onnx/identityGraph'
import type { Checkpoint } from '../../weights/checkpoint'

/** Describes the part of onnxruntime-web and onnxruntime-node that both have and that is used. */
export interface OnnxRuntime {
  readonly Tensor: TensorConstructor
  readonly InferenceSession: {
    create(graph: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
}

export type Feeds = Readonly<Record<string, Tensor>>

/** Runs an open graph. */
export interface Session {
  /** Fetches only the outputs named. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Readonly<Record<string, Tensor>>>
  release(): Promise<void>
}

/** Opens graphs on one device. */
export interface Runtime {
  /** Name to show: `WASM × 2`, `WebGPU`, `onnxruntime-node`. */
  readonly device: string
  /** true if this device's fused attention gives the right numbers. */
  readonly fusedAttention: boolean
  /** Fetches and starts the runtime itself, so that the first graph need not wait for it. */
  warmUp(): Promise<void>
  /** Opens a graph over its weights files. */
  open(graph: Uint8Array, checkpoint?: Checkpoint): Promise<Session>
  int64(values: readonly number[], dims: readonly number[]): Tensor
  /** @param values 0 or 1 */
  bool(values: Uint8Array, dims: readonly number[]): Tensor
  float(values: Float32Array, dims: readonly number[]): Tensor
  /** Loads tokenizers.wasm, which cuts texts on every device alike; once. */
  tokenizers(): Promise<WebAssembly.Module>
}

/**
 * Setting without which the runtime turns int8 weights into int8 products, whose errors are larger than what is
 * measured.
 */
const FOLD_QUANTISED_WEIGHTS = { disable_quant_qdq: '1' }

interface RuntimeOptions {
  readonly device: string
  readonly fusedAttention: boolean
  readonly sessionOptions: InferenceSession.SessionOptions
  /** Further entries of the runtime's own configuration, below `session.` */
  readonly sessionEntries?: Readonly<Record<string, unknown>>
  /** Returns an external file in the form that this runtime takes. */
  externalData(blob: Blob): Promise<Blob | Uint8Array>
  tokenizers(): Promise<WebAssembly.Module>
}

/**
 * Wraps a runtime's namespace. Opening and running are put in one line: onnxruntime-web refuses a second call while one
 * is under way.
 */
export function createRuntime(ort: OnnxRuntime, options: RuntimeOptions): Runtime {
  let line: Promise<unknown> = Promise.resolve()
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = line.then(work, work)
    line = result.catch(() => undefined)
    return result
  }
  return {
    device: options.device,
    fusedAttention: options.fusedAttention,
    async warmUp() {
      const session = await inLine(() =>
        ort.InferenceSession.create(writeIdentityGraph(), options.sessionOptions),
      )
      await inLine(() => session.release())
    },
    async open(graph, checkpoint) {
      const files = checkpoint?.files.map(async ({ name, blob }) => ({
        path: name,
        data: await options.externalData(blob),
      }))
      const externalData = files && (await Promise.all(files))
      const session = await inLine(() =>
        ort.InferenceSession.create(graph, {
          ...options.sessionOptions,
          extra: { session: { ...FOLD_QUANTISED_WEIGHTS, ...options.sessionEntries } },
          // The type of `data` knows no Blob yet; the runtime does.
          ...(externalData && {
            externalData: externalData as InferenceSession.SessionOptions['externalData'],
          }),
        }),
      )
      return {
        run: (feeds, outputs) => inLine(() => session.run(feeds, outputs)),
        release: () => inLine(() => session.release()),
      }
    },
    int64: (values, dims) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims),
    bool: (values, dims) => new ort.Tensor('bool', values, dims),
    float: (values, dims) => new ort.Tensor('float32', values, dims),
    tokenizers: options.tokenizers,
  }
}

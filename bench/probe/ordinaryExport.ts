import type { InferenceSession, TensorConstructor } from 'onnxruntime-web'
import { timed } from './repeatableForward'

/** Describes the part of onnxruntime-web and onnxruntime-node that an export needs. */
interface OnnxRuntime {
  readonly Tensor: TensorConstructor
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
}

/** Runs a model exported by training/export_onnx.py. */
export interface OrdinaryExport {
  /** Runs once with these ids and fetches all hidden states and logits. @returns ms */
  forward(inputIds: readonly number[]): Promise<number>
}

export async function openExport(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<OrdinaryExport> {
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'all', ...options })
  const row = (values: readonly number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  return {
    forward(inputIds) {
      const feeds = { input_ids: row(inputIds), attention_mask: row(inputIds.map(() => 1)) }
      return timed(() => session.run(feeds))
    },
  }
}

/** Where a number comes from: every result carries one. */
export interface Provenance {
  readonly modelId: string
  /** sha256 of the weights file, lower-case hex; of several files, of their sha256s in order, one a line. */
  readonly sha256: string
  /** transformers' `model_type`; absent, as the two below, in results from before there was a choice. */
  readonly family?: string
  /** Weights file, or the first of several and their number. */
  readonly file?: string
  /** Commit on the hub; only of models that come from there. */
  readonly revision?: string
  /** For reading: `int8 weights, fp32 compute`. */
  readonly precision: string
  /** For reading: `WASM × 2`, `WebGPU`, `onnxruntime-node`. */
  readonly device: string
  /** Results shipped with the page rather than computed in it. */
  readonly shipped: boolean
}

/** Says where a number comes from: every result carries one. */
export interface Provenance {
  readonly modelId: string
  /** sha256 of the weights file, lower-case hex; for several files, sha256 of their sha256s in order, one per line. */
  readonly sha256: string
  /** transformers' `model_type`; absent, like the two below, in results of earlier versions. */
  readonly family?: string
  /** Name of the weights file, or of the first of several and their number. */
  readonly file?: string
  /** Commit on the Hub; only of models from there. */
  readonly revision?: string
  /** Precision, for display: `int8 weights, fp32 compute`. */
  readonly precision: string
  /** Device, for display: `WASM × 2`, `WebGPU`, `onnxruntime-node`. */
  readonly device: string
  /** True for results shipped with the page rather than computed in it. */
  readonly shipped: boolean
}

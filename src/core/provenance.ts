/** Where a number comes from: every result carries one. */
export interface Provenance {
  readonly modelId: string
  /** sha256 of the weights file, lower-case hex. */
  readonly sha256: string
  /** For reading: `int8 weights, fp32 compute`. */
  readonly precision: string
  /** For reading: `WASM × 2`, `WebGPU`, `onnxruntime-node`. */
  readonly device: string
  /** Results shipped with the page rather than computed in it. */
  readonly shipped: boolean
}

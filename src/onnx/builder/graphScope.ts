import type { GraphBuilder } from './graphBuilder'
import type { Parameters } from './parameters'

/** What the parts of an architecture are written with: the graph, the weights, and how attention is to be written. */
export interface GraphScope {
  readonly builder: GraphBuilder
  readonly parameters: Parameters
  /** Attention as the runtime's own operator, or spelled out in ONNX's. */
  readonly fusedAttention: boolean
}

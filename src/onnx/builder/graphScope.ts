import type { GraphBuilder } from './graphBuilder'
import type { Parameters } from './parameters'

/** Holds what every part of an architecture needs to be written: the graph, the weights, and the form of attention. */
export interface GraphScope {
  readonly builder: GraphBuilder
  readonly parameters: Parameters
  /** Attention as the runtime's own operator, or spelled out in ONNX's. */
  readonly fusedAttention: boolean
}

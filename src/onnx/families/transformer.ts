import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import type { GraphBuilder, Value } from '../builder/graphBuilder'
import type { RowBlock } from '../builder/parameters'
import type { Head } from '../layers/heads'
import type { TableProjection } from '../layers/tableProjection'

/** Writes one family's architecture into a graph part by part. Another family is another file that implements this. */
export interface Transformer {
  /** Columns of W: the width of the hidden states, except in families with a narrower word table. */
  readonly tableWidth: number
  /** Returns W, float [V, tableWidth], as blocks of rows from top to bottom: transformers' `get_input_embeddings()`. */
  wordTableBlocks(): RowBlock[]
  /** Writes rows W_t of these ids, float [..., tableWidth]. */
  wordRows(ids: Value): Value
  /** Returns the projection of rows of W to the hidden states' width; null where they have it. */
  tableProjection(): TableProjection | null
  /**
   * Writes h_0 = E(x), float [..., n, d], as transformers reports it.
   *
   * @param inputIds int64 [..., n]
   * @param positionIds int64 from 0, -1 at padding that is not counted, broadcast against `inputIds`
   */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value
  /** Writes h_(l+1) from h_l, float [b, n, d]; `index` counts from 0. The last layer's comes before the final norm. */
  layer(index: number, hiddenStates: Value, name: string): Value
  /** Writes the norm between the last layer and h_L, float [b, n, d], where the model has one; else returns its input. */
  finalNorm(hiddenStates: Value): Value
  head(): Head
}

export interface TransformerOptions {
  /** Attention as the runtime's own operator (the default), or spelled out in ONNX's. */
  readonly fusedAttention?: boolean
}

/** Writes a model's parts from its files. */
export type TransformerOf = (
  builder: GraphBuilder,
  config: ModelConfig,
  checkpoint: Checkpoint,
) => Transformer

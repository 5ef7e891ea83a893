import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { Bert } from './bert'
import type { GraphBuilder, Value } from './graphBuilder'
import type { RowBlock } from './parameters'

/** One family's architecture, written into a graph part by part. A second family is a second file that gives this. */
export interface Transformer {
  /** W, float [V, d], as blocks of rows from top to bottom. */
  wordTableBlocks(): RowBlock[]
  /** Rows W_t of these ids, float [..., d]. */
  wordRows(ids: Value): Value
  /**
   * h_0 = E(x), float [..., n, d].
   *
   * @param inputIds int64 [..., n]
   * @param positionIds int64, broadcast against `inputIds`
   */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value
  /** h_(l+1) from h_l, float [b, n, d]; `index` counts from 0. */
  layer(index: number, hiddenStates: Value, name: string): Value
  /** float [b, labels] from h_L, or null where the file has no head. */
  logits(hiddenStates: Value, name: string): Value | null
}

export interface TransformerOptions {
  /** Attention as the runtime's own operator (the default), or spelled out in ONNX's. */
  readonly fusedAttention?: boolean
}

export function transformerOf(
  builder: GraphBuilder,
  config: ModelConfig,
  checkpoint: Checkpoint,
  options: TransformerOptions = {},
): Transformer {
  switch (config.family) {
    case 'bert':
      return new Bert(builder, config, checkpoint, options)
  }
}

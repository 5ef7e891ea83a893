import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { Albert } from './albert'
import { Bert } from './bert'
import { DebertaV2 } from './debertaV2'
import { DistilBert } from './distilbert'
import { Electra } from './electra'
import { Gpt2 } from './gpt2'
import type { GraphBuilder, Value } from './graphBuilder'
import type { Head } from './heads'
import { Llama } from './llama'
import { ModernBert } from './modernBert'
import { Mpnet } from './mpnet'
import type { RowBlock } from './parameters'
import { Roberta } from './roberta'
import type { TableProjection } from './tableProjection'

/** One family's architecture, written into a graph part by part. Another family is another file that gives this. */
export interface Transformer {
  /** Columns of W: the width of the hidden states, except in families with a narrower word table. */
  readonly tableWidth: number
  /** W, float [V, tableWidth], as blocks of rows from top to bottom: transformers' `get_input_embeddings()`. */
  wordTableBlocks(): RowBlock[]
  /** Rows W_t of these ids, float [..., tableWidth]. */
  wordRows(ids: Value): Value
  /** What takes rows of W to the hidden states' width; null where they have it. */
  tableProjection(): TableProjection | null
  /**
   * h_0 = E(x), float [..., n, d], as transformers reports it.
   *
   * @param inputIds int64 [..., n]
   * @param positionIds int64 from 0, broadcast against `inputIds`
   */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value
  /** h_(l+1) from h_l, float [b, n, d]; `index` counts from 0. h_L lies behind the final norm where there is one. */
  layer(index: number, hiddenStates: Value, name: string): Value
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

export function transformerOf(
  builder: GraphBuilder,
  config: ModelConfig,
  checkpoint: Checkpoint,
  options: TransformerOptions = {},
): Transformer {
  const { fusedAttention } = options
  const input = { builder, checkpoint, fusedAttention }
  switch (config.family) {
    case 'bert':
      return new Bert({ ...input, config })
    case 'roberta':
    case 'xlm-roberta':
      return new Roberta({ ...input, config })
    case 'distilbert':
      return new DistilBert({ ...input, config })
    case 'electra':
      return new Electra({ ...input, config })
    case 'albert':
      return new Albert({ ...input, config })
    case 'gpt2':
      return new Gpt2({ ...input, config })
    case 'llama':
    case 'mistral':
    case 'qwen2':
    case 'qwen3':
      return new Llama({ ...input, config })
    case 'mpnet':
      return new Mpnet({ ...input, config })
    case 'deberta-v2':
      return new DebertaV2({ ...input, config })
    case 'modernbert':
      return new ModernBert({ ...input, config })
  }
}

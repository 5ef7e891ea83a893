import type { PostNormConfig } from './bertEncoder'
import type { CountedConfig } from './countedPositions'
import type { DecoderConfig, DecoderNames } from './decoder'

/** BERT's names in a stack with its norms before the parts. */
const NAMES = {
  wordTable: 'embeddings.word_embeddings.weight',
  layers: 'encoder.layer',
  projections: ['attention.self.query', 'attention.self.key', 'attention.self.value'],
  attentionOutput: 'attention.output.dense',
  up: 'intermediate.dense',
  down: 'output.dense',
  head: '',
} as const

type OwnNames = Pick<DecoderNames, 'prefix' | 'attentionNorms' | 'feedForwardNorms' | 'finalNorm'>

/**
 * Returns the stack of an encoder that has BERT's parts and names, with LayerNorm before attention and feed-forward
 * part and none after the embeddings.
 */
export function preNormEncoderOf(
  config: PostNormConfig & Partial<CountedConfig>,
  names: OwnNames,
): DecoderConfig {
  const { layers, heads, width, typeCount, normEpsilon, positionOffset = 0 } = config
  return {
    ...config,
    names: { ...NAMES, ...names },
    causal: false,
    keyHeads: heads,
    headSize: width / heads,
    norm: { kind: 'layer', epsilon: normEpsilon },
    attention: new Array(layers).fill({ reach: null, rotary: null }),
    projectionBias: true,
    outputBias: true,
    feedForwardBias: true,
    positions: { name: 'embeddings.position_embeddings.weight', offset: positionOffset },
    segments: { name: 'embeddings.token_type_embeddings.weight', count: typeCount },
  }
}

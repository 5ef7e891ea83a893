import type { ModelConfig } from '../weights/modelConfig'
import type { GraphBuilder, Value } from './graphBuilder'
import type { Transformer } from './transformer'

export const hiddenStatesName = (layer: number) => `hidden_states.${layer}`
export const referenceName = (layer: number) => `reference.${layer}`

/** The names of what the encoder gives, as far as the model has it. */
export interface EncoderOutputs {
  /** L + 1 */
  readonly states: number
  readonly hasLogits: boolean
}

/**
 * Adds the whole encoder, with its measures built in.
 *
 * Inputs: `input_ids` int64 [b, n]; `reference.0..L` float [1, n, d], the hidden states to measure against.
 * Outputs: `hidden_states.0..L` float [b, n, d]; `distances` float [b, L+1, n], l2 norm of h_l - reference_l at each
 * position; `norms` float [b, L+1, n], l2 norm of h_l; `logits` float [b, labels] where the file has a head.
 */
export function addEncoder(
  builder: GraphBuilder,
  transformer: Transformer,
  config: ModelConfig,
): EncoderOutputs {
  const states = config.layers + 1
  const inputIds = builder.input('input_ids', 'int64', ['batch', 'sequence'])
  const references = Array.from({ length: states }, (_, layer) =>
    builder.input(referenceName(layer), 'float', [1, 'sequence', config.width]),
  )

  const hiddenStates: Value[] = [
    transformer.embeddings(inputIds, positionsOf(builder, inputIds), hiddenStatesName(0)),
  ]
  for (let layer = 0; layer < config.layers; layer++) {
    hiddenStates.push(transformer.layer(layer, hiddenStates[layer], hiddenStatesName(layer + 1)))
  }
  for (const states of hiddenStates) builder.output(states, 'float', ['batch', 'sequence', config.width])

  const differences = hiddenStates.map((state, layer) => builder.node('Sub', [state, references[layer]]))
  builder.output(normsByPosition(builder, differences, 'distances'), 'float', ['batch', states, 'sequence'])
  builder.output(normsByPosition(builder, hiddenStates, 'norms'), 'float', ['batch', states, 'sequence'])

  const logits = transformer.logits(hiddenStates[config.layers], 'logits')
  if (logits) builder.output(logits, 'float', ['batch', 'labels'])
  return { states, hasLogits: logits !== null }
}

/** int64 [n]: 0, 1, ..., n - 1 for ids of shape [b, n]. */
function positionsOf(builder: GraphBuilder, inputIds: Value): Value {
  const scalar = (value: number) => builder.constant('int64', [value], [])
  const length = builder.node('Gather', [builder.node('Shape', [inputIds]), scalar(1)])
  return builder.node('Range', [scalar(0), length, scalar(1)])
}

/** l2 norm over the width of each [b, n, d], stacked to [b, layers, n]. */
function normsByPosition(builder: GraphBuilder, states: readonly Value[], name: string): Value {
  const norms = states.map((state) => {
    const norm = builder.node('ReduceL2', [state, builder.constant('int64', [-1])], {
      attributes: { keepdims: 0 },
    })
    return builder.node('Unsqueeze', [norm, builder.constant('int64', [1])])
  })
  return builder.node('Concat', norms, { attributes: { axis: 1 }, name })
}

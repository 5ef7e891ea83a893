import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { GraphBuilder, type Value } from './graphBuilder'
import { type TransformerOptions, transformerOf } from './transformer'

export const hiddenStatesName = (layer: number) => `hidden_states.${layer}`
export const referenceName = (layer: number) => `reference.${layer}`

/** An encoder as bytes of ONNX, and the names of what goes in and comes out. */
export interface EncoderGraph {
  readonly bytes: Uint8Array
  /** L + 1 */
  readonly states: number
  readonly hasLogits: boolean
}

/**
 * The whole encoder over its weights file, with its measures built in.
 *
 * Inputs: `input_ids` int64 [b, n]; `reference.0..L` float [1, n, d], the hidden states to measure against.
 * Outputs: `hidden_states.0..L` float [b, n, d]; `distances` float [b, L+1, n], l2 norm of h_l - reference_l at each
 * position; `norms` float [b, L+1, n], l2 norm of h_l; `logits` float [b, labels] where the file has a head.
 *
 * @throws FailureError `unsupported-model` where config and weights do not belong together
 */
export function writeEncoderGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  options: TransformerOptions = {},
): EncoderGraph {
  const builder = new GraphBuilder()
  const transformer = transformerOf(builder, config, checkpoint, options)
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
  return { bytes: builder.build(), states, hasLogits: logits !== null }
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

import type { Checkpoint } from '../weights/checkpoint'
import type { HeadKind, ModelConfig } from '../weights/modelConfig'
import { GraphBuilder, type Value } from './builder/graphBuilder'
import { transformerOf } from './families'
import type { Transformer, TransformerOptions } from './families/transformer'
import { countedPositionsOf, positionsOf } from './layers/positions'

export const hiddenStatesName = (layer: number) => `hidden_states.${layer}`
export const referenceName = (layer: number) => `reference.${layer}`
export const firstStatesName = (layer: number) => `first_states.${layer}`
export const patchedName = (layer: number) => `patched.${layer}`

/** Holds an encoder as bytes of ONNX, and the names of its inputs and outputs. */
export interface EncoderGraph {
  readonly bytes: Uint8Array
  /** L + 1 */
  readonly states: number
  readonly head: HeadKind
  /** Names of the classifier's outputs by id, `LABEL_0` and so on where config.json has none; empty without a classifier. */
  readonly labels: readonly string[]
  /** true if there is a classifier, and with it the output `logits`. */
  readonly hasLogits: boolean
  /** true if there is a language model, and with it the input `logit_positions` and the output `token_logits`. */
  readonly hasTokenLogits: boolean
  /**
   * true if a batch can be measured against its own first row: the input `first_row` and the outputs
   * `first_states.0..L`.
   */
  readonly hasFirstRow?: boolean
  /**
   * true if hidden states can be replaced: the inputs `patched.0..L`, `measured_rows`, `head_only` and `head_states`.
   */
  readonly takesStates?: boolean
}

/**
 * Writes the whole encoder over its weights file, with its measures built in.
 *
 * Inputs: `input_ids` int64 [b, n]; `reference.0..L` float [1, n or 1, d], the hidden states to measure against;
 * `first_row` float [1], by how much those of the batch's own first row are added to the reference: 0 or 1;
 * `logit_positions` int64 [p] where the head is a language model, the positions whose scores are wanted: those of all
 * positions would take n x V floats; `patched.0..L` bool [r, n, 1], true where reference_l takes the place of h_l before
 * the next layer reads it; `measured_rows` int64 [1], of how many rows `distances` are wanted; `head_only` bool [1, 1, 1],
 * true if `head_states` float [r, n or 1, d] take the place of the last layer's, before the final norm. Outputs:
 * `hidden_states.0..L` float [b, n, d]; `distances` float [m, L+1, n], l2 norm of h_l - reference_l at each position; of
 * the first row `first_states.0..L` float [1, n, d] and `norms` float [1, L+1, n], l2 norm of h_l; `logits` float
 * [b, labels] of a classifier, `token_logits` float [b, p, V] of a language model (masked: of the token itself; causal:
 * of the next one).
 *
 * A mask of r rows makes r sequences of one: the layers below it are computed once for all of them.
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
    builder.input(referenceName(layer), 'float', [1, 'reference_sequence', config.width]),
  )
  const firstRow = builder.input('first_row', 'float', [1])

  const positionIds =
    config.paddingIdx === undefined
      ? positionsOf(builder, inputIds)
      : countedPositionsOf(builder, inputIds, config.paddingIdx)
  // Where copies bits: with a mask of false, every number is the layer's own.
  const patchedStates = (own: Value, layer: number) => {
    const patched = builder.input(patchedName(layer), 'bool', [`patched_rows.${layer}`, 'sequence', 1])
    return builder.node('Where', [patched, references[layer], own], { name: hiddenStatesName(layer) })
  }
  const hiddenStates: Value[] = [patchedStates(transformer.embeddings(inputIds, positionIds), 0)]
  for (let layer = 1; layer <= config.layers; layer++) {
    const own = transformer.layer(layer - 1, hiddenStates[layer - 1], `layer.${layer}`)
    const last = layer === config.layers
    hiddenStates.push(patchedStates(last ? beforeHead(builder, transformer, own, config.width) : own, layer))
  }
  // Rows may differ by layer, and must not be taken for the same number.
  for (const [layer, states] of hiddenStates.entries()) {
    builder.output(states, 'float', [`rows.${layer}`, 'sequence', config.width])
  }

  const [start, end] = [0, 1].map((row) => builder.constant('int64', [row]))
  const first = hiddenStates.map((state, layer) =>
    builder.node('Slice', [state, start, end], { name: firstStatesName(layer) }),
  )
  for (const states of first) builder.output(states, 'float', [1, 'sequence', config.width])
  const differences = hiddenStates.map((state, layer) => {
    const own = builder.node('Mul', [first[layer], firstRow])
    return builder.node('Sub', [state, builder.node('Add', [own, references[layer]])])
  })
  const measured = builder.input('measured_rows', 'int64', [1])
  const distances = normsByPosition(builder, differences, 'distances', measured)
  builder.output(distances, 'float', ['measured', states, 'sequence'])
  builder.output(normsByPosition(builder, first, 'norms'), 'float', [1, states, 'sequence'])

  const head = transformer.head()
  const hasLogits = head.kind === 'classification'
  const hasTokenLogits = head.kind === 'masked-lm' || head.kind === 'causal-lm'
  const last = hiddenStates[config.layers]
  if (hasLogits) builder.output(head.logits(last, 'logits', inputIds), 'float', ['head_rows', 'labels'])
  if (hasTokenLogits) {
    const positions = builder.input('logit_positions', 'int64', ['logit_positions'])
    const wanted = builder.node('Gather', [last, positions], { attributes: { axis: 1 } })
    const logits = head.logits(wanted, 'token_logits')
    builder.output(logits, 'float', ['head_rows', 'logit_positions', config.vocabularySize])
  }
  const labels = Array.from(
    { length: hasLogits ? head.labelCount : 0 },
    (_, label) => config.labels[label] ?? `LABEL_${label}`,
  )
  return {
    bytes: builder.build(),
    states,
    head: head.kind,
    labels,
    hasLogits,
    hasTokenLogits,
    hasFirstRow: true,
    takesStates: true,
  }
}

/** Writes h_L from the last layer's output, or from states given in its place: the head reads those of any layer. */
function beforeHead(builder: GraphBuilder, transformer: Transformer, own: Value, width: number): Value {
  const headOnly = builder.input('head_only', 'bool', [1, 1, 1])
  const given = builder.input('head_states', 'float', ['head_states', 'head_sequence', width])
  return transformer.finalNorm(builder.node('Where', [headOnly, given, own]))
}

/**
 * Writes the l2 norm over the width of each [b, n, d], stacked to [m, layers, n].
 *
 * @param measured int64 [1], m: the rows wanted; all b if absent
 */
function normsByPosition(
  builder: GraphBuilder,
  states: readonly Value[],
  name: string,
  measured?: Value,
): Value {
  const start = builder.constant('int64', [0])
  const norms = states.map((state) => {
    const all = builder.node('ReduceL2', [state, builder.constant('int64', [-1])], {
      attributes: { keepdims: 0 },
    })
    const norm = measured ? builder.node('Slice', [all, start, measured]) : all
    return builder.node('Unsqueeze', [norm, builder.constant('int64', [1])])
  })
  return builder.node('Concat', norms, { attributes: { axis: 1 }, name })
}

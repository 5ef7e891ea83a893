import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

/** Describes a norm over the last axis, as a family's layers use it. */
export interface Norm {
  readonly kind: 'layer' | 'rms'
  readonly epsilon: number
  /** true (the default) if LayerNorm adds a bias. */
  readonly bias?: boolean
  /** true (the default) if there is a scale at all. */
  readonly affine?: boolean
  /** Number added to the scale before it is used; 1 where the file holds its difference from 1 (Gemma). */
  readonly scaleOffset?: number
}

export interface NormOptions {
  /** true (the default) if the architecture's LayerNorm adds a bias. */
  readonly bias?: boolean
  /** Gives the value a name of its own. */
  readonly outputName?: string
}

/** Writes LayerNorm over the last axis. */
export function layerNorm(
  { builder, parameters }: GraphScope,
  input: Value,
  name: string,
  width: number,
  epsilon: number,
  { bias = true, outputName }: NormOptions = {},
): Value {
  // Checkpoints of TensorFlow's time call the two gamma and beta.
  const [scale, shift] = parameters.has(`${name}.gamma`) ? ['gamma', 'beta'] : ['weight', 'bias']
  const operands = [input, parameters.tensor(`${name}.${scale}`, [width])]
  if (bias) operands.push(parameters.tensor(`${name}.${shift}`, [width]))
  return builder.node('LayerNormalization', operands, { attributes: { axis: -1, epsilon }, name: outputName })
}

/** Writes LayerNorm over the last axis without scale and bias. */
export function plainLayerNorm(
  { builder }: GraphScope,
  input: Value,
  width: number,
  epsilon: number,
  outputName?: string,
): Value {
  const ones = builder.constant('float', new Array<number>(width).fill(1), [width], `ones.${width}`)
  return builder.node('LayerNormalization', [input, ones], {
    attributes: { axis: -1, epsilon },
    name: outputName,
  })
}

/**
 * Writes RMSNorm over the last axis (Zhang and Sennrich 2019): x / sqrt(mean(x^2) + epsilon) times its weight.
 *
 * @param scaleOffset added to the weight
 */
export function rmsNorm(
  { builder, parameters }: GraphScope,
  input: Value,
  name: string,
  width: number,
  epsilon: number,
  outputName?: string,
  scaleOffset = 0,
): Value {
  const square = builder.node('Mul', [input, input])
  const mean = builder.node('ReduceMean', [square, builder.constant('int64', [-1])], {
    attributes: { keepdims: 1 },
  })
  const size = builder.node('Sqrt', [builder.node('Add', [mean, builder.constant('float', [epsilon], [])])])
  const weight = parameters.tensor(`${name}.weight`, [width])
  const scale =
    scaleOffset === 0 ? weight : builder.node('Add', [weight, builder.constant('float', [scaleOffset], [])])
  return builder.node('Mul', [builder.node('Div', [input, size]), scale], { name: outputName })
}

/** Writes a norm of either kind. */
export function writeNorm(
  scope: GraphScope,
  { kind, epsilon, bias, affine = true, scaleOffset }: Norm,
  input: Value,
  name: string,
  width: number,
  outputName?: string,
): Value {
  if (kind === 'rms') return rmsNorm(scope, input, name, width, epsilon, outputName, scaleOffset)
  if (!affine) return plainLayerNorm(scope, input, width, epsilon, outputName)
  return layerNorm(scope, input, name, width, epsilon, { bias, outputName })
}

import type { Value } from './graphBuilder'
import type { GraphScope } from './graphScope'

export interface NormOptions {
  /** Whether the architecture's LayerNorm adds a bias. Default: it does. */
  readonly bias?: boolean
  /** Gives the value a name of its own. */
  readonly outputName?: string
}

/** LayerNorm over the last axis. */
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

/** RMSNorm over the last axis (Zhang and Sennrich 2019): x / sqrt(mean(x^2) + epsilon) times its weight. */
export function rmsNorm(
  { builder, parameters }: GraphScope,
  input: Value,
  name: string,
  width: number,
  epsilon: number,
  outputName?: string,
): Value {
  const square = builder.node('Mul', [input, input])
  const mean = builder.node('ReduceMean', [square, builder.constant('int64', [-1])], {
    attributes: { keepdims: 1 },
  })
  const size = builder.node('Sqrt', [builder.node('Add', [mean, builder.constant('float', [epsilon], [])])])
  const weight = parameters.tensor(`${name}.weight`, [width])
  return builder.node('Mul', [builder.node('Div', [input, size]), weight], { name: outputName })
}

import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

export interface LinearOptions {
  /** true (the default) if the architecture has one; it must then be in the file. */
  readonly bias?: boolean
  /** `linear`: [out, in], torch's `nn.Linear`. `conv1d`: [in, out], transformers' `Conv1D` of GPT-2. */
  readonly layout?: 'linear' | 'conv1d'
  /** Gives the value a name of its own. */
  readonly outputName?: string
}

/**
 * Writes x W^T + b over the last axis; the weight stays as the file has it.
 *
 * @param input float [..., in]
 * @returns float [..., out]
 */
export function linear(
  scope: GraphScope,
  input: Value,
  name: string,
  inFeatures: number,
  outFeatures: number,
  { outputName, ...options }: LinearOptions = {},
): Value {
  const rows = toRows(scope, input, inFeatures)
  const product = gemm(scope, rows, name, inFeatures, outFeatures, options)
  return fromRows(scope, product, input, outFeatures, outputName)
}

/** Writes the same for a matrix of rows, float [m, in] -> [m, out]. */
export function gemm(
  { builder, parameters }: GraphScope,
  rows: Value,
  name: string,
  inFeatures: number,
  outFeatures: number,
  { bias = true, layout = 'linear', outputName }: LinearOptions = {},
): Value {
  const transposed = layout === 'linear'
  const shape = transposed ? [outFeatures, inFeatures] : [inFeatures, outFeatures]
  const operands = [rows, parameters.tensor(`${name}.weight`, shape)]
  if (bias) operands.push(parameters.tensor(`${name}.bias`, [outFeatures]))
  return builder.node('Gemm', operands, { attributes: { transB: transposed ? 1 : 0 }, name: outputName })
}

/** Reshapes [..., width] -> [m, width]. */
export function toRows({ builder }: GraphScope, input: Value, width: number): Value {
  return builder.node('Reshape', [input, builder.constant('int64', [-1, width])])
}

/** Reshapes [m, width] -> [..., width], all axes but the last as in `like`. */
export function fromRows(
  { builder }: GraphScope,
  rows: Value,
  like: Value,
  width: number,
  name?: string,
): Value {
  const leading = builder.node('Shape', [like], { attributes: { end: -1 } })
  const shape = builder.node('Concat', [leading, builder.constant('int64', [width])], {
    attributes: { axis: 0 },
  })
  // A length of 0 is one, not the rows' own.
  return builder.node('Reshape', [rows, shape], { attributes: { allowzero: 1 }, name })
}

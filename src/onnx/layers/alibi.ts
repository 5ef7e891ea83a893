import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { TensorProto_DataType } from '../schema/onnx_pb'
import { positionsOf } from './positions'

/**
 * Writes the bias that ALiBi (Press et al. 2022) adds to the scores: slope x position of the key, as transformers'
 * Bloom computes it. Counted from the key alone it differs from the distance to the query by a constant of the whole
 * row, which softmax cancels.
 *
 * @param input float [b, n, d]
 * @param coarse whether slopes and products are rounded to bfloat16, as Falcon's are
 * @returns float [1, heads, 1, n]
 */
export function alibi(
  { builder }: GraphScope,
  input: Value,
  heads: number,
  { coarse, scale }: { readonly coarse: boolean; readonly scale: number },
): Value {
  const cast = (value: Value, to: number) => builder.node('Cast', [value], { attributes: { to } })
  const { FLOAT, BFLOAT16 } = TensorProto_DataType
  const rounded = (value: Value) => (coarse ? cast(cast(value, BFLOAT16), FLOAT) : value)
  return builder.once('alibi', () => {
    const positions = rounded(cast(positionsOf(builder, input), FLOAT))
    const slopes = rounded(builder.constant('float', alibiSlopes(heads), [1, heads, 1, 1]))
    const products = rounded(builder.node('Mul', [slopes, positions]))
    return scale === 1 ? products : builder.node('Mul', [products, builder.constant('float', [scale], [])])
  })
}

/**
 * Returns one slope a head: powers of 2^(-8/n) for n heads, with those of 2n between them where n is no power of two.
 */
export function alibiSlopes(heads: number): number[] {
  const { fround, floor, log2, min } = Math
  const power = 2 ** floor(log2(heads))
  const slopesOf = (base: number, exponents: readonly number[]) =>
    exponents.map((exponent) => fround(fround(base) ** exponent))
  const range = (count: number, step: number) => Array.from({ length: count }, (_, i) => 1 + step * i)
  const own = slopesOf(2 ** -(2 ** -(log2(power) - 3)), range(power, 1))
  const between = range(min(power, heads - power), 2)
  return [...own, ...slopesOf(2 ** -(2 ** -(log2(2 * power) - 3)), between)]
}

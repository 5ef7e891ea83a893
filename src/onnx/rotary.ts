import type { RotaryFrequencies } from '../weights/rotaryFrequencies'
import type { Value } from './graphBuilder'
import type { GraphScope } from './graphScope'
import { positionsOf } from './positions'
import { TensorProto_DataType } from './schema/onnx_pb'
import { wave } from './waves'

/**
 * Rotary positions (Su et al. 2021), the two halves of a head rotated against each other as transformers does: angle
 * position x frequency for each pair.
 *
 * @param states float [b, heads, n, headSize], of queries or keys
 * @returns float [b, heads, n, headSize]
 */
export function rotate({ builder }: GraphScope, states: Value, frequencies: RotaryFrequencies): Value {
  const writer = {
    node: builder.node.bind(builder),
    number: (value: number) => builder.constant('float', [value], []),
  }
  const [cos, sin] = (['Cos', 'Sin'] as const).map((kind) =>
    builder.once(`rotary.${kind}.${frequencies.join()}`, () => wave(writer, kind, angles())),
  )
  function angles(): Value {
    const positions = builder.node('Cast', [positionsOf(builder, states, 2)], {
      attributes: { to: TensorProto_DataType.FLOAT },
    })
    const column = builder.node('Unsqueeze', [positions, builder.constant('int64', [-1])])
    return builder.node('Mul', [column, builder.constant('float', frequencies)])
  }
  const [first, second] = builder.nodes('Split', [states], 2, { attributes: { axis: -1, num_outputs: 2 } })
  const times = (half: Value, wave: Value) => builder.node('Mul', [half, wave])
  const rotated = [
    builder.node('Sub', [times(first, cos), times(second, sin)]),
    builder.node('Add', [times(second, cos), times(first, sin)]),
  ]
  return builder.node('Concat', rotated, { attributes: { axis: -1 } })
}

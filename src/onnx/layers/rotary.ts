import type { Rotary } from '../../weights/rotary'
import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { TensorProto_DataType } from '../schema/onnx_pb'
import { positionsOf } from './positions'
import { wave } from './waves'

/**
 * Writes rotary positions (Su et al. 2021): pairs of a head's entries rotated by position x frequency. Pairs are an
 * entry of the first half and one of the second, or neighbours; entries after the last pair stay as they are.
 *
 * @param states float [b, heads, n, headSize], of queries or keys
 * @returns float [b, heads, n, headSize]
 */
export function rotate(scope: GraphScope, states: Value, rotary: Rotary, headSize: number): Value {
  const { builder } = scope
  const turned = 2 * rotary.frequencies.length
  if (turned === headSize) return rotateAll(scope, states, rotary)
  const sizes = builder.constant('int64', [turned, headSize - turned])
  const [first, rest] = builder.nodes('Split', [states, sizes], 2, { attributes: { axis: -1 } })
  return builder.node('Concat', [rotateAll(scope, first, rotary), rest], { attributes: { axis: -1 } })
}

function rotateAll(scope: GraphScope, states: Value, rotary: Rotary): Value {
  const { builder } = scope
  const cos = waveOf(scope, states, rotary, 'Cos')
  const sin = waveOf(scope, states, rotary, 'Sin')
  const times = (part: Value, wave: Value) => builder.node('Mul', [part, wave])
  const turn = ([first, second]: readonly Value[]) => [
    builder.node('Sub', [times(first, cos), times(second, sin)]),
    builder.node('Add', [times(second, cos), times(first, sin)]),
  ]
  const pairs = rotary.frequencies.length
  if (!rotary.interleaved) {
    const halves = builder.nodes('Split', [states], 2, { attributes: { axis: -1, num_outputs: 2 } })
    return builder.node('Concat', turn(halves), { attributes: { axis: -1 } })
  }
  const split = builder.node('Reshape', [states, builder.constant('int64', [0, 0, 0, pairs, 2])])
  const entries = [0, 1].map((at) =>
    builder.node('Gather', [split, builder.constant('int64', [at], [])], { attributes: { axis: -1 } }),
  )
  const columns = turn(entries).map((value) =>
    builder.node('Unsqueeze', [value, builder.constant('int64', [-1])]),
  )
  const joined = builder.node('Concat', columns, { attributes: { axis: -1 } })
  return builder.node('Reshape', [joined, builder.constant('int64', [0, 0, 0, 2 * pairs])])
}

/** Writes float [n, pairs]: cos or sin of position x frequency, times the amplitude. */
function waveOf({ builder }: GraphScope, states: Value, rotary: Rotary, kind: 'Cos' | 'Sin'): Value {
  const { frequencies, amplitude, long } = rotary
  const key = `${frequencies.join()}.${amplitude}.${long?.beyond}.${long?.frequencies.join()}`
  const writer = {
    node: builder.node.bind(builder),
    number: (value: number) => builder.constant('float', [value], []),
  }
  const scaled = (value: Value) =>
    amplitude === 1 ? value : builder.node('Mul', [value, writer.number(amplitude)])
  return builder.once(`rotary.${kind}.${key}`, () =>
    scaled(
      wave(
        writer,
        kind,
        builder.once(`rotary.angles.${key}`, () => angles()),
      ),
    ),
  )
  function angles(): Value {
    const positions = positionsOf(builder, states, 2)
    const asFloat = builder.node('Cast', [positions], { attributes: { to: TensorProto_DataType.FLOAT } })
    const column = builder.node('Unsqueeze', [asFloat, builder.constant('int64', [-1])])
    const row = builder.constant('float', frequencies)
    if (!long) return builder.node('Mul', [column, row])
    const isLong = builder.node('Greater', [
      builder.node('Shape', [positions]),
      builder.constant('int64', [long.beyond]),
    ])
    const chosen = builder.node('Where', [isLong, builder.constant('float', long.frequencies), row])
    return builder.node('Mul', [column, chosen])
  }
}

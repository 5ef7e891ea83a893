import type { Activation } from '../../weights/modelConfig'
import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

/** An activation function, element by element. */
export function activate({ builder }: GraphScope, input: Value, activation: Activation): Value {
  switch (activation) {
    case 'relu':
      return builder.node('Relu', [input])
    case 'tanh':
      return builder.node('Tanh', [input])
    case 'silu':
      return builder.node('Mul', [input, builder.node('Sigmoid', [input])])
    case 'gelu':
      return builder.node('Gelu', [input], { attributes: { approximate: 'none' } })
    case 'gelu-tanh':
      return builder.node('Gelu', [input], { attributes: { approximate: 'tanh' } })
  }
}

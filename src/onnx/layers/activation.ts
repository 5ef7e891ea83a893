import type { Activation } from '../../weights/modelConfig'
import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'

/** Mean and deviation of the normal distribution whose share is taken (Ma et al. 2022, Mega), to transformers' six digits. */
const LAPLACE = { mean: 707_107e-6, deviation: 0.282095 }

/** Writes an activation function, element by element, as transformers' ACT2FN has it. */
export function activate({ builder }: GraphScope, input: Value, activation: Activation): Value {
  const node = (opType: string, ...inputs: Value[]) => builder.node(opType, inputs)
  const number = (value: number) => builder.constant('float', [value], [])
  const gelu = (approximate: 'none' | 'tanh') =>
    builder.node('Gelu', [input], { attributes: { approximate } })
  const clipped = (value: Value, from: number, to: number) => node('Clip', value, number(from), number(to))
  switch (activation) {
    case 'linear':
      return input
    case 'relu':
      return node('Relu', input)
    case 'relu2': {
      const relu = node('Relu', input)
      return node('Mul', relu, relu)
    }
    case 'relu6':
      return clipped(input, 0, 6)
    case 'leaky-relu':
      return builder.node('LeakyRelu', [input], { attributes: { alpha: 0.01 } })
    case 'sigmoid':
      return node('Sigmoid', input)
    case 'tanh':
      return node('Tanh', input)
    case 'silu':
      return node('Mul', input, node('Sigmoid', input))
    case 'quick-gelu':
      return node('Mul', input, node('Sigmoid', node('Mul', input, number(1.702))))
    case 'gelu':
      return gelu('none')
    case 'gelu-tanh':
      return gelu('tanh')
    case 'gelu-10':
      return clipped(gelu('none'), -10, 10)
    case 'hardswish':
      return node('HardSwish', input)
    case 'mish':
      return node('Mul', input, node('Tanh', node('Softplus', input)))
    case 'sqrtsoftplus':
      return node('Sqrt', node('Softplus', input))
    case 'laplace': {
      const { mean, deviation } = LAPLACE
      const scaled = node('Div', node('Sub', input, number(mean)), number(deviation * Math.SQRT2))
      return node('Mul', node('Add', node('Erf', scaled), number(1)), number(0.5))
    }
  }
}

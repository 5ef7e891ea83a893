import { describe, expect, it } from 'vitest'
import { wave } from './waves'

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Floor: (a) => Math.floor(a),
}

/** Computes the nodes in fp32, each rounded by itself as a runtime's kernels do. */
function computed(kind: 'Cos' | 'Sin', angle: number): number {
  const values = new Map<string, number>()
  const named = (value: number) => {
    const name = `value_${values.size}`
    values.set(name, Math.fround(value))
    return name
  }
  const node = (opType: string, inputs: readonly string[]) => {
    const [a, b = Number.NaN] = inputs.map((name) => values.get(name) ?? Number.NaN)
    return named(OPERATORS[opType](a, b))
  }
  return values.get(wave({ node, number: named }, kind, named(angle))) ?? Number.NaN
}

describe.each(['Cos', 'Sin'] as const)('%s out of sums and products', (kind) => {
  it.each([1, 10, 512, 8192, 100_000])('is as exact as fp32 allows for angles of up to %i', (most) => {
    const angles = Array.from({ length: 2001 }, (_, i) => Math.fround((most * (i - 1000)) / 1000))
    const errors = angles.map((angle) => {
      const exact = kind === 'Cos' ? Math.cos(angle) : Math.sin(angle)
      return Math.abs(computed(kind, angle) - exact)
    })
    expect(Math.max(...errors)).toBeLessThan(most > 10_000 ? 1e-5 : 3e-7)
  })
})

/** Writes nodes of one output, whatever graph they belong to. */
export interface ArithmeticWriter<V extends string> {
  node(opType: string, inputs: readonly V[]): V
  /** Writes a float scalar. */
  number(value: number): V
}

/** pi/2 in parts so short that whole multiples of them are exact (Cody and Waite 1980). */
const QUARTER_TURN = [1.5703125, 4.837512969970703e-4, 7.54978995489188e-8]

/** sin x = x + x^3 S(x^2) and cos x = 1 - x^2 / 2 + x^4 C(x^2) for |x| <= pi/4: the Cephes library's sinf and cosf. */
const SINE = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]
const COSINE = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]

/**
 * Writes Cos or Sin as sums and products, to some 1e-7 for angles of up to 1e5. A GPU's own may be off by 5e-4 even for
 * small angles (WGSL, "Accuracy of built-in functions": 2^-11 in [-pi, pi], unbounded outside), which a model with
 * rotary positions carries into every layer.
 *
 * @param angles float [...]
 * @returns float [...]
 */
export function wave<V extends string>(
  { node, number }: ArithmeticWriter<V>,
  kind: 'Cos' | 'Sin',
  angles: V,
): V {
  const times = (a: V, b: V) => node('Mul', [a, b])
  const plus = (a: V, b: V) => node('Add', [a, b])
  const minus = (a: V, b: V) => node('Sub', [a, b])
  const polynomial = ([first, ...others]: readonly number[], x: V) =>
    others.reduce((sum, coefficient) => plus(times(sum, x), number(coefficient)), number(first))
  /** Returns a whole number's oddness, 0 or 1, and its half rounded down. */
  const oddness = (whole: V) => {
    const half = node('Floor', [times(whole, number(0.5))])
    return { half, odd: minus(whole, times(half, number(2))) }
  }

  const quarters = node('Floor', [plus(times(angles, number(2 / Math.PI)), number(0.5))])
  const rest = QUARTER_TURN.reduce((left, part) => minus(left, times(quarters, number(part))), angles)
  const square = times(rest, rest)
  const sine = plus(times(times(polynomial(SINE, square), square), rest), rest)
  const bent = times(times(polynomial(COSINE, square), square), square)
  const cosine = plus(minus(bent, times(square, number(0.5))), number(1))

  // A cosine is the sine of an angle one quarter further.
  const turns = kind === 'Sin' ? quarters : plus(quarters, number(1))
  const { half, odd } = oddness(turns)
  const { odd: isNegative } = oddness(half)
  const even = minus(number(1), odd)
  const found = plus(times(even, sine), times(odd, cosine))
  return times(found, minus(number(1), times(isNegative, number(2))))
}

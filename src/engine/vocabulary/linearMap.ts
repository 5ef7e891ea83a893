import { fail } from '../../core/failure'

/** Ridge: weight of the squared entries of a map beside the squared error, as scikit-learn's `Ridge(alpha=1)`. */
export const RIDGE = 1

/** Columns of the right-hand side that are solved at once: few enough to stay in the processor's cache. */
const COLUMNS_AT_ONCE = 64

/** Holds an affine map y = x M + b. */
export interface LinearMap {
  /** M, float64 [inputs, outputs] row-major */
  readonly weights: Float64Array
  /** b, float64 [outputs] */
  readonly bias: Float64Array
}

/** Gathers the normal equations of a least-squares map, row by row: they add up, whatever the order of the rows. */
export interface NormalEquations {
  readonly rows: number
  /** @param x float64 [rows, inputs] @param y float64 [rows, outputs] */
  add(x: Float64Array, y: Float64Array): void
  /**
   * Fits ‖y − x M − b‖² + alpha ‖M‖² (Hoerl and Kennard 1970); b is not penalised.
   *
   * @throws FailureError `invalid-request` without a row
   */
  solve(alpha: number): Promise<LinearMap>
}

/** Adds xᵀ y to a product; with `y` absent xᵀ x, above the diagonal and on it. */
function addProduct(
  product: Float64Array,
  x: Float64Array,
  inputs: number,
  other?: { readonly y: Float64Array; readonly outputs: number },
): void {
  const { y, outputs } = other ?? { y: x, outputs: inputs }
  const rows = x.length / inputs
  for (let i = 0; i < inputs; i++) {
    const at = i * outputs
    for (let row = 0; row < rows; row++) {
      const value = x[row * inputs + i]
      const from = row * outputs
      for (let j = other ? 0 : i; j < outputs; j++) product[at + j] += value * y[from + j]
    }
  }
}

function addRows(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) sums[i % sums.length] += values[i]
}

export function createNormalEquations(inputs: number, outputs: number): NormalEquations {
  const xx = new Float64Array(inputs * inputs)
  const xy = new Float64Array(inputs * outputs)
  const xSums = new Float64Array(inputs)
  const ySums = new Float64Array(outputs)
  let rows = 0
  return {
    get rows() {
      return rows
    },
    add(x, y) {
      rows += x.length / inputs
      addProduct(xx, x, inputs)
      addProduct(xy, x, inputs, { y, outputs })
      addRows(xSums, x)
      addRows(ySums, y)
    },
    async solve(alpha) {
      if (rows === 0) fail('invalid-request', 'There is nothing to learn a map from.')
      // Fetched when a map is learned: few ever are.
      const { CholeskyDecomposition, Matrix } = await import('ml-matrix')
      const [xMean, yMean] = [xSums, ySums].map((sums) => sums.map((sum) => sum / rows))
      const left = new Matrix(inputs, inputs)
      for (let i = 0; i < inputs; i++) {
        for (let j = i; j < inputs; j++) {
          const value = xx[i * inputs + j] - rows * xMean[i] * xMean[j] + (i === j ? alpha : 0)
          left.set(i, j, value)
          left.set(j, i, value)
        }
      }
      const solver = new CholeskyDecomposition(left)
      const weights = new Float64Array(inputs * outputs)
      for (let first = 0; first < outputs; first += COLUMNS_AT_ONCE) {
        const columns = Math.min(COLUMNS_AT_ONCE, outputs - first)
        const right = new Matrix(inputs, columns)
        for (let i = 0; i < inputs; i++) {
          for (let j = 0; j < columns; j++) {
            right.set(i, j, xy[i * outputs + first + j] - rows * xMean[i] * yMean[first + j])
          }
        }
        const solved = solver.solve(right)
        for (let i = 0; i < inputs; i++) {
          for (let j = 0; j < columns; j++) weights[i * outputs + first + j] = solved.get(i, j)
        }
      }
      const bias = Float64Array.from(yMean)
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < outputs; j++) bias[j] -= xMean[i] * weights[i * outputs + j]
      }
      return { weights, bias }
    },
  }
}

/** Returns y = x M + b for rows of x, in fp32 [rows, outputs]. */
export function applyMap({ weights, bias }: LinearMap, x: Float64Array): Float32Array {
  const outputs = bias.length
  const inputs = weights.length / outputs
  const rows = x.length / inputs
  const mapped = new Float32Array(rows * outputs)
  for (let row = 0; row < rows; row++) {
    const sums = bias.slice()
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]
      const at = i * outputs
      for (let j = 0; j < outputs; j++) sums[j] += value * weights[at + j]
    }
    mapped.set(sums, row * outputs)
  }
  return mapped
}

/**
 * Returns F1 of the label with id 1, 2 TP / (2 TP + FP + FN), over weighted answers; 0 where nothing is or was said to be
 * that label, as scikit-learn has it.
 */
export function f1Of(
  target: ArrayLike<number>,
  label: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let [both, either] = [0, 0]
  for (let i = 0; i < target.length; i++) {
    both += 2 * weights[i] * Number(target[i] === 1 && label[i] === 1)
    either += weights[i] * (Number(target[i] === 1) + Number(label[i] === 1))
  }
  return either === 0 ? 0 : both / either
}

/**
 * Returns a function from weights to the area under the ROC curve: the share of pairs of one text of either label in which
 * that of label 1 has the larger score, ties counted as half. NaN where one of the labels has no weight.
 */
export function createAuc(
  target: ArrayLike<number>,
  score: ArrayLike<number>,
): (weights: ArrayLike<number>) => number {
  const order = Array.from({ length: target.length }, (_, i) => i).sort((a, b) => score[a] - score[b])
  return (weights) => {
    let [ones, zeros, pairs] = [0, 0, 0]
    for (let start = 0; start < order.length; ) {
      let [tiedOnes, tiedZeros, end] = [0, 0, start]
      while (end < order.length && score[order[end]] === score[order[start]]) {
        const i = order[end++]
        if (target[i] === 1) tiedOnes += weights[i]
        else tiedZeros += weights[i]
      }
      pairs += tiedOnes * (zeros + tiedZeros / 2)
      ones += tiedOnes
      zeros += tiedZeros
      start = end
    }
    return ones > 0 && zeros > 0 ? pairs / (ones * zeros) : Number.NaN
  }
}

/**
 * Returns the area between two curves that meet at share 0, by the trapezoidal rule, divided by the largest share: their
 * mean difference.
 *
 * @param shares ascending, above 0
 */
export function areaBetween(
  shares: readonly number[],
  upper: readonly number[],
  lower: readonly number[],
): number {
  let area = 0
  let [x, y] = [0, 0]
  for (const [i, share] of shares.entries()) {
    const difference = upper[i] - lower[i]
    area += ((share - x) * (y + difference)) / 2
    ;[x, y] = [share, difference]
  }
  return area / x
}

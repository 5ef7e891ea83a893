import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { predictionChange, predictionValues } from '../core/measures/prediction'
import { predictionKindOf } from './predictionKind'

interface Reading {
  readonly config: object
  readonly logits: readonly number[]
  readonly values: readonly number[]
}

const READINGS: readonly Reading[] = JSON.parse(
  readFileSync(new URL('../../fixtures/readings.json', import.meta.url), 'utf8'),
)

describe('logits', () => {
  it.each(READINGS)(
    "read as transformers' pipeline reads them: $config $logits",
    ({ config, logits, values }) => {
      const found = predictionValues(logits, predictionKindOf(config, logits.length))
      for (const [i, value] of values.entries()) expect(found[i]).toBeCloseTo(value, 6)
    },
  )

  it.each([
    [{ sentence_transformers: { activation_fn: 'torch.nn.modules.linear.Identity' } }, 'score'],
    [{ sbert_ce_default_activation_function: 'torch.nn.modules.linear.Identity' }, 'score'],
    [{ sentence_transformers: { activation_fn: 'torch.nn.modules.activation.Sigmoid' } }, 'sigmoid'],
  ])("read as a CrossEncoder's: %o", (config, kind) => {
    expect(predictionKindOf(config, 1)).toBe(kind)
  })

  it('read as the file itself reads them', () => {
    expect(predictionKindOf({ problem_type: 'multi_label_classification' }, 3, 'softmax')).toBe('softmax')
  })
})

describe('a change of the answer', () => {
  const change = (before: number[], after: number[], kind: 'softmax' | 'sigmoid' | 'score') =>
    predictionChange(['a', 'b'], { before, after }, kind)

  it('flips where an independent label passes one half', () => {
    expect(change([0.5], [-0.5], 'sigmoid').flips).toBe(true)
    expect(change([0.5], [0.1], 'sigmoid').flips).toBe(false)
    expect(change([0.5, 0.1], [0.2, 0.3], 'sigmoid').flips).toBe(true)
  })

  it('sums the divergence of independent labels', () => {
    const [p, q] = [1 / (1 + Math.exp(-0.5)), 1 / (1 + Math.exp(0.5))]
    const one = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))
    expect(change([0.5, 2], [-0.5, 2], 'sigmoid').divergence).toBeCloseTo(one, 12)
    expect(change([800], [-800], 'sigmoid').divergence).toBeCloseTo(800, 9)
  })

  it('has no probability, no divergence and no label of a score', () => {
    expect(change([3.75], [-1], 'score')).toMatchObject({
      probabilities: null,
      values: { before: [3.75], after: [-1] },
      difference: -4.75,
      divergence: Number.NaN,
      flips: false,
    })
  })
})

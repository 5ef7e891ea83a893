import { describe, expect, it } from 'vitest'
import { classifierOutcome, effectShare, isWithinRounding, roundingOf } from './patching'

const runs = {
  outcome: 'logit-difference',
  before: 3,
  after: -1,
  rounding: 1e-4,
  token: null,
} as const

describe('the share of an effect', () => {
  it('is all of it where the patched run answers as the original does, and nothing where as the changed', () => {
    const restored = { ...runs, direction: 'restore' } as const
    expect(effectShare(restored, 3)).toBe(1)
    expect(effectShare(restored, -1)).toBe(0)
    expect(effectShare(restored, 1)).toBe(0.5)
  })

  it('is counted from the other end where states of the changed run are put into the original', () => {
    const inserted = { ...runs, direction: 'insert' } as const
    expect(effectShare(inserted, 3)).toBe(0)
    expect(effectShare(inserted, -1)).toBe(1)
    expect(effectShare(inserted, 0)).toBe(0.75)
  })

  it('may be negative or more than all', () => {
    expect(effectShare({ ...runs, direction: 'restore' }, -3)).toBe(-0.5)
    expect(effectShare({ ...runs, direction: 'restore' }, 5)).toBe(1.5)
  })

  it('has no value where the effect is within rounding', () => {
    const none = { ...runs, after: 3.00005, direction: 'restore' } as const
    expect(isWithinRounding(none)).toBe(true)
    expect(effectShare(none, 2)).toBeNaN()
    expect(isWithinRounding({ before: 0, after: Number.NaN, rounding: 1 })).toBe(true)
    expect(isWithinRounding(runs)).toBe(false)
  })

  it('knows how large the numbers are that were rounded', () => {
    expect(roundingOf([1, -20])).toBeCloseTo(0.002, 10)
    expect(roundingOf([])).toBe(0)
  })
})

describe('the outcome of a classifier', () => {
  it('is the difference to the label that comes closest after the change', () => {
    const { outcome, outcomeOf } = classifierOutcome([5, 4, 1], [5, 1, 3], 'softmax')
    expect(outcome).toBe('logit-difference')
    expect([5, 4, 1].map((_, i) => outcomeOf([10, 1, 3].with(0, 10 + i)))).toEqual([7, 8, 9])
  })

  it('is the difference to the label that wins, where the answer flips', () => {
    expect(classifierOutcome([2, 1, 0], [0, 1, 3], 'softmax').outcomeOf([0, 1, 3])).toBe(-3)
  })

  it('is the logit alone where labels are independent, are scores, or there is one', () => {
    for (const kind of ['sigmoid', 'score'] as const) {
      const { outcome, outcomeOf } = classifierOutcome([2, 1], [0, 1], kind)
      expect(outcome).toBe('logit')
      expect(outcomeOf([7, 9])).toBe(7)
    }
    expect(classifierOutcome([2], [1], 'softmax').outcomeOf([4])).toBe(4)
  })
})

import { describe, expect, it } from 'vitest'
import { neighborOf, PROVENANCE, tokenizeWords } from './explore/explorerFixture'
import { computeTokenShifts } from './explore/shiftSelectors'
import { describeProvenance, wordOf } from './selectors'

describe('token shifts', () => {
  const { tokens } = tokenizeWords('a b c d e f g')
  const list = (...shifts: number[]) => [[], ...shifts.map((shift) => [neighborOf(1, shift)]), []]

  it('ranks with ties sharing the lower rank, and marks the five smallest, ties by position', () => {
    const shifts = computeTokenShifts(tokens, list(3, 1, 3, 5, 3, 3, 2), 'l2')
    expect(shifts.tokens.map((token) => token?.rank ?? null)).toEqual([null, 2, 0, 2, 6, 2, 2, 1, null])
    expect(shifts.leastImpactful).toEqual([2, 7, 1, 3, 5])
    expect(shifts.domain).toEqual([1, 5])
  })

  it('uses the norm asked for, and leaves out tokens without a substitute', () => {
    const shifts = computeTokenShifts(tokens, [[], [neighborOf(1, 4)], [], [neighborOf(2, 2)]], 'l1')
    expect(shifts.domain).toEqual([4, 8])
    expect(shifts.leastImpactful).toEqual([3, 1])
    expect(shifts.tokens[2]).toBeNull()
  })

  it('survives no candidate and one shift for all', () => {
    expect(computeTokenShifts(tokens, [], 'l2')).toMatchObject({ domain: null, leastImpactful: [] })
    const same = computeTokenShifts(tokens, list(2, 2, 2, 2, 2, 2, 2), 'l2')
    expect(same.tokens[3]).toEqual({ shift: 2, rank: 0 })
  })
})

it('writes words plainly and quotes punctuation', () => {
  expect(['##ful', 'not', '.', '##', '7', 'é'].map(wordOf)).toEqual(['ful', 'not', '“.”', '“##”', '7', 'é'])
})

it('says where numbers come from', () => {
  expect(describeProvenance(PROVENANCE)).toBe('tiny · fp32 · test')
  expect(describeProvenance({ ...PROVENANCE, shipped: true })).toMatch(/^Shipped with the page: tiny/)
})

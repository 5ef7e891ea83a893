import { describe, expect, it } from 'vitest'
import { NONE } from '../records/records'
import { countsOf, runOf } from '../runFixture'
import { frequencyFigure } from './frequencyFigure'

/** Occurrences as `[sequence, position, token, l2, l1, linf]`. */
function tablesOf(rows: readonly (readonly number[])[]) {
  const occurrences = rows.map(([sequence, position, token_id, shift_l2, shift_l1, shift_linf]) => ({
    sequence,
    position,
    token_id,
    shift_l2,
    shift_l1,
    shift_linf,
  }))
  return runOf({ occurrences }).tables
}

const COUNTS = countsOf({ 1: 5, 2: 3, 3: 2 })

describe('the frequency figure', () => {
  // Two of each sequence; rows neither in the order of sequences nor of positions.
  const figure = frequencyFigure(
    tablesOf([
      [1, 4, 3, 0.3, 9, 1],
      [0, 3, 1, 0.2, 1, 5],
      [1, 2, 1, 0.1, 8, 3],
      [0, 1, 2, 0.5, 2, 4],
      [0, 2, 1, 0.5, 3, 0],
      [1, 1, 2, 0.9, 7, 2],
    ]),
    COUNTS,
    2,
  )

  it('counts the smallest shifts of each sequence, ties by position', () => {
    expect(figure?.sequences).toBe(2)
    expect(figure?.tokens).toEqual([
      { tokenId: 1, counts: { l2: 2, l1: 2, linf: 1 }, corpusShare: 0.5 },
      { tokenId: 2, counts: { l2: 1, l1: 2, linf: 2 }, corpusShare: 0.3 },
      { tokenId: 3, counts: { l2: 1, l1: 0, linf: 1 }, corpusShare: 0.2 },
    ])
  })

  it('compares the norms over the union of tokens', () => {
    const [first, second, third] = figure?.agreement ?? []
    expect([first.norms, second.norms, third.norms]).toEqual([
      ['l2', 'l1'],
      ['l2', 'linf'],
      ['l1', 'linf'],
    ])
    expect(first.pearson.coefficient).toBeCloseTo(0.5, 12)
    expect(first.pearson.n).toBe(3)
    expect(second.pearson.coefficient).toBeCloseTo(-0.5, 12)
    expect(third.spearman.coefficient).toBeCloseTo(0.5, 12)
    expect(figure?.topShare).toBe(1)
  })

  it('compares ranks of the 20 most frequent under l2 alone, ties by id', () => {
    const tokens = Array.from({ length: 30 }, (_, i) => i + 1)
    const tables = tablesOf(
      tokens.flatMap((token) => [
        // Tokens below 11 are least impactful in two sequences, all others in one; every one in one under l1.
        [2 * token, 1, token, 1, 1, 1],
        [2 * token + 1, 1, token, token < 11 ? 1 : 2, 2, 2],
        [2 * token + 1, 2, 99, token < 11 ? 2 : 1, 1, 1],
      ]),
    )
    const result = frequencyFigure(tables, COUNTS, 1)
    expect(result?.tokens[0]).toMatchObject({ tokenId: 99, counts: { l2: 20, l1: 30 } })
    // 99, the ten of two, and by their ids 11..19.
    expect(result?.topShare).toBe((20 + 2 * 10 + 9) / 60)
    expect(result?.agreement[0].spearman.n).toBe(20)
    expect(result?.agreement[0].pearson.n).toBe(31)
  })

  it('counts five a sequence, or as many as there are', () => {
    const few = tablesOf(Array.from({ length: 7 }, (_, i) => [0, i, 10 + i, 7 - i, 1, 1]))
    expect(frequencyFigure(few, COUNTS, 0)?.tokens.filter(({ counts }) => counts.l2 > 0)).toHaveLength(5)
    expect(frequencyFigure(few, COUNTS)?.tokens.map(({ tokenId }) => tokenId)).toContain(16)
    expect(frequencyFigure(few, COUNTS, 20)?.tokens).toHaveLength(7)
  })

  it('is none where nothing is known of sequences', () => {
    expect(frequencyFigure(tablesOf([]), COUNTS)).toBeNull()
    expect(frequencyFigure(tablesOf([[NONE, 0, 1, 1, 1, 1]]), COUNTS)).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPairs } from './tokenDiff'

/** Returns the length of a longest common subsequence, by the textbook table. */
function longest(a: readonly string[], b: readonly string[]): number {
  let former = new Array<number>(b.length + 1).fill(0)
  for (const left of a) {
    const row = [0]
    for (const [j, right] of b.entries()) {
      row.push(left === right ? former[j] + 1 : Math.max(former[j + 1], row[j]))
    }
    former = row
  }
  return former[b.length]
}

const letters = fc.array(fc.constantFrom(...'abc'), { maxLength: 30 })
const pairsOf = (a: string, b: string) => commonPairs([...a], [...b])

describe('the common part of two sequences', () => {
  it('is a common subsequence, and none is longer', () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const pairs = commonPairs(a, b)
        expect(pairs.length).toBe(longest(a, b))
        let [i, j] = [-1, -1]
        for (const [left, right] of pairs) {
          expect(a[left]).toBe(b[right])
          expect(left).toBeGreaterThan(i)
          expect(right).toBeGreaterThan(j)
          ;[i, j] = [left, right]
        }
      }),
      { seed: 5, numRuns: 2000 },
    )
  })

  it.each([
    ['', '', []],
    ['a', '', []],
    [
      'abc',
      'abc',
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'abc',
      'axc',
      [
        [0, 0],
        [2, 2],
      ],
    ],
    [
      'ab',
      'cab',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'xaby',
      'ab',
      [
        [1, 0],
        [2, 1],
      ],
    ],
    ['abc', 'xyz', []],
  ])('of %j and %j is %j', (a, b, pairs) => {
    expect(pairsOf(a, b)).toEqual(pairs)
  })

  it('of long texts that share next to nothing is what they begin and end with alike', () => {
    const long = (name: string) => Array.from({ length: 5000 }, (_, i) => `${name}${i}`)
    const a = ['the', ...long('a'), 'end']
    const b = ['the', ...long('b'), 'end']
    expect(commonPairs(a, b)).toEqual([
      [0, 0],
      [5001, 5001],
    ])
  })
})

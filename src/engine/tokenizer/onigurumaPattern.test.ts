import { describe, expect, it } from 'vitest'
import { onigurumaPattern } from './onigurumaPattern'

describe('onigurumaPattern', () => {
  it.each([
    String.raw`(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|\s+(?!\S)`,
    String.raw`a\\w constructor [\b]`,
    String.raw`\[word\]`,
  ])('leaves what it reads alike: %s', (pattern) => {
    expect(onigurumaPattern(pattern)).toBe(pattern)
  })

  it('knows a class from what stands by itself', () => {
    const alone = onigurumaPattern(String.raw`\w`)
    expect(alone).toContain(String.raw`\x{b2}`)
    expect(onigurumaPattern(String.raw`[\w]`)).not.toContain(String.raw`\x{b2}`)
    expect(onigurumaPattern(String.raw`[^\]a]\w`)).toBe(String.raw`[^\]a]` + alone)
  })
})

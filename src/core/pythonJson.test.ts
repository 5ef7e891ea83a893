import { describe, expect, it } from 'vitest'
import { parsePythonJson } from './pythonJson'

describe('parsePythonJson', () => {
  it('reads the numbers that JSON does not have', () => {
    const text = '{"a": NaN, "b": [-Infinity, Infinity, 1.5], "c": "NaN \\" Infinity", "NaN": null}'
    expect(parsePythonJson(text)).toEqual({
      a: Number.NaN,
      b: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1.5],
      c: 'NaN " Infinity',
      NaN: null,
    })
  })

  it.each(['', '{', '{"a": nan}', '[NaN', '{"a" NaN}', 'NaNNaN'])('refuses %s', (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError)
  })
})

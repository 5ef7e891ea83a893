import { expect, it } from 'vitest'
import { formatBytes, formatBytesOf } from './formatBytes'

it.each([
  [0, '0 bytes'],
  [812, '812 bytes'],
  [3100, '3.1 kB'],
  [128_000, '128.0 kB'],
  [33_700_000, '33.7 MB'],
  [268_000_000, '268 MB'],
  [1_340_000_000, '1.34 GB'],
])('writes %s bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it('writes a part in the unit of the whole', () => {
  expect(formatBytesOf(0, 33_700_000)).toBe('0.0 of 33.7 MB')
  expect(formatBytesOf(8_400_000, 33_600_000)).toBe('8.4 of 33.6 MB')
  expect(formatBytesOf(90_000_000, 440_000_000)).toBe('90.0 of 440 MB')
  expect(formatBytesOf(3, 10)).toBe('3 of 10 bytes')
})

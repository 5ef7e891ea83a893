import { expect, it } from 'vitest'
import { amountDomain, valueDomain } from './domain'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

it.each([
  ['ordinary', [2, 5, 3], [0, 5]],
  ['empty', [], [0, 1]],
  ['constant', [4, 4], [0, 4]],
  ['zero', [0, 0], [0, 1]],
  ['nothing but NaN', [nan, nan], [0, 1]],
  ['some NaN and infinity', [nan, 3, infinity, 2], [0, 3]],
  ['negative', [-2, -1], [-2, 0]],
] as const)('amounts, %s', (_name, values, domain) => {
  expect(amountDomain(values)).toEqual(domain)
})

it.each([
  ['ordinary', [5, 11, 7], [5, 11]],
  ['empty', [], [0, 1]],
  ['constant', [4, 4], [2, 6]],
  ['zero', [0, 0], [-0.5, 0.5]],
  ['nothing but NaN', [nan], [0, 1]],
  ['some NaN', [nan, 3, 2], [2, 3]],
] as const)('values, %s', (_name, values, domain) => {
  expect(valueDomain(values)).toEqual(domain)
})

import { expect, it } from 'vitest'
import { coefficientText, correlationText } from './correlationText'

const of = (coefficient: number) => ({ coefficient, p: 0.01, n: 20 })

it('keeps the third decimal only near one, and says where there is none', () => {
  expect(correlationText(of(0.4166), of(-0.9967))).toBe('Pearson r 0.42 · Spearman ρ −0.997')
  expect(coefficientText(of(Number.NaN))).toBe('–')
  expect(coefficientText(of(1))).toBe('1.000')
})

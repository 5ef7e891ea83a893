import { expect, it } from 'vitest'
import type { ModelInfo } from '../explorer'
import { areNameless, exportedLabels, withLabelNames } from './labelNames'

const info = { id: './mine', labels: ['LABEL_0', 'LABEL_1'] } as unknown as ModelInfo
const names = (...of: string[]) => [
  { model: './other', names: ['x', 'y'] },
  { model: './mine', names: of },
]

it('puts the user’s names in the place of the labels, and holds the model’s own beside', () => {
  const own = names('bad', ' good ')
  const named = withLabelNames(info, own)
  expect(named.labels).toEqual(['bad', 'good'])
  expect(named.originalLabels).toEqual(['LABEL_0', 'LABEL_1'])
  expect(exportedLabels(named)).toEqual(['bad (LABEL_0)', 'good (LABEL_1)'])
  expect(withLabelNames(info, own)).toBe(named)
  expect(withLabelNames(info, names('no', 'yes')).labels).toEqual(['no', 'yes'])
})

it('leaves labels without a name, and those of a model whose labels are others by now', () => {
  const half = withLabelNames(info, names('', 'good'))
  expect(half.labels).toEqual(['LABEL_0', 'good'])
  expect(exportedLabels(half)).toEqual(['LABEL_0', 'good (LABEL_1)'])
  expect(withLabelNames(info, names('', ''))).toBe(info)
  expect(withLabelNames(info, names('a', 'b', 'c'))).toBe(info)
  expect(withLabelNames(info, [])).toBe(info)
  expect(exportedLabels(info)).toEqual(['LABEL_0', 'LABEL_1'])
})

it('knows labels that tell nothing', () => {
  expect(areNameless(['LABEL_0', 'LABEL_1'])).toBe(true)
  expect(areNameless(['0', '1'])).toBe(true)
  expect(areNameless(['NEGATIVE', 'POSITIVE'])).toBe(false)
  expect(areNameless([])).toBe(false)
})

import { describe, expect, it } from 'vitest'
import { readFamilyJson } from '../familyFixture'
import { foreignSettings } from './foreignSettings'

describe('foreignSettings', () => {
  it('counts the positions of a family that is known as the family does', () => {
    const settings = foreignSettings(readFamilyJson('tiny-roberta', 'config.json'))
    expect(settings).toMatchObject({ layers: 3, width: 32, maxPositions: 64 })
    expect(settings.labels).toHaveLength(3)
  })

  it('reads the sizes of one that is not', () => {
    const json = {
      model_type: 'gpt_neo',
      n_layer: 6,
      n_embd: 64,
      vocab_size: 99,
      id2label: { 1: 'b', 0: 'a' },
    }
    expect(foreignSettings(json)).toEqual({
      layers: 6,
      width: 64,
      vocabularySize: 99,
      maxPositions: 512,
      labels: ['a', 'b'],
    })
  })

  it.each([null, 'text', { num_hidden_layers: -1 }])('takes %j as saying nothing', (json) => {
    expect(foreignSettings(json)).toEqual({ maxPositions: 512 })
  })
})

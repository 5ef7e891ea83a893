import { csvParse } from 'd3-dsv'
import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '../explorer'
import type { Measurement } from '../measures/measurement'
import type { TokenizedText } from '../text/token'
import { exploreExport, formatExploreJson, formatLayersCsv, formatNeighborsCsv } from './exploreExport'

const provenance = { modelId: 'm', sha256: 'a'.repeat(64), precision: 'fp32', device: 'x', shipped: false }
const model: ModelInfo = {
  id: 'm',
  family: 'bert',
  layers: 1,
  width: 4,
  vocabularySize: 10,
  maxTokens: 8,
  labels: ['NEGATIVE', 'POSITIVE'],
  parameters: 1,
  bytes: 1,
  provenance,
}
const token = (id: number, text: string) => ({ id, text, special: false, start: 0, end: 0 })
const tokenized: TokenizedText = {
  text: 'a =b',
  tokens: [token(1, '[CLS]'), token(2, 'a'), token(3, '=b')],
  truncatedAt: null,
  totalTokens: 3,
  totalIsAtLeast: false,
}
const substitutions = [
  { position: 1, tokenId: 7 },
  { position: 2, tokenId: 8 },
]
const measurement: Measurement = {
  substitutions,
  layers: 2,
  positions: 3,
  distances: Float32Array.of(0, 3, 4, 1, 2, 2),
  originalNorms: Float32Array.of(2, 4, 4, 2, 4, 4),
  perturbedNorms: Float32Array.of(2, 4, 4, 2, 4, 4),
  shift: { l1: 1, l2: 5, linf: 4 },
  logits: { before: [0, 1], after: [1, 0] },
  provenance,
}
const neighbor = {
  tokenId: 8,
  token: '=c',
  cosine: 0.5,
  shift: { l1: 1, l2: 2, linf: 3 },
  rawShift: { l1: 4, l2: 5, linf: 6 },
}
const change = { tokenized, substitutions, measurement }
const input = { model, change, position: 2, neighbor, pins: [change], tokenName: (id: number) => `t${id}` }

describe('the export', () => {
  it('states inputs, model and every number, and survives JSON', () => {
    const data = JSON.parse(formatExploreJson(exploreExport(input)))
    expect(data).toMatchObject({
      format: 'ripplescope-explore',
      version: 1,
      model: { id: 'm', family: 'bert', layers: 1, width: 4, sha256: 'a'.repeat(64) },
      text: 'a =b',
      tokens: [
        { id: 1, token: '[CLS]' },
        { id: 2, token: 'a' },
        { id: 3, token: '=b' },
      ],
      position: 2,
      substitute: { id: 8, token: 't8', cosine: 0.5 },
      shift: { l1: 1, l2: 5, linf: 4 },
      prediction: { before: [0, 1], after: [1, 0], labels: ['NEGATIVE', 'POSITIVE'] },
      held: [{ position: 1, original: { id: 2, token: 'a' }, substitute: { id: 7, token: 't7' } }],
    })
    const { before, after } = data.prediction.probabilities
    expect(before[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect([after[0], after[1]]).toEqual([before[1], before[0]])
    expect(data.layers).toEqual([
      { layer: 0, distance: 5, own: 5, relative: 5 / 6, cosine: 1 - 25 / 72 },
      { layer: 1, distance: 3, own: Math.sqrt(8), relative: 0.5, cosine: 1 - 9 / 72 },
    ])
    expect(data.pins).toHaveLength(1)
    expect(data.pins[0].substitutions).toHaveLength(2)
  })

  it('has no substitute where only held ones are measured, and no prediction without a head', () => {
    const headless = { ...change, measurement: { ...measurement, logits: null } }
    const data = exploreExport({ ...input, change: headless, position: null, neighbor: null, pins: [] })
    expect(data).toMatchObject({ position: null, substitute: null, prediction: null })
    expect(data.held).toHaveLength(2)
  })
})

describe('tables', () => {
  it('are tidy: one row a series and layer', () => {
    const { layers } = exploreExport(input)
    const rows = csvParse(formatLayersCsv([{ label: '=b → c', distances: layers }]))
    expect(rows.columns).toEqual(['series', 'layer', 'distance', 'own', 'relative', 'cosine'])
    expect(rows.map(({ series, layer, distance }) => [series, layer, distance])).toEqual([
      ['=b → c', '0', '5'],
      ['=b → c', '1', '3'],
    ])
  })

  it('hold a row a substitute, empty where it was not measured', () => {
    const head = { difference: null, divergence: 0.25, probability: null }
    const row = { ...neighbor, rank: null, chosen: true, distance: 1.5, ...head }
    const [parsed] = csvParse(formatNeighborsCsv([row]))
    expect(parsed).toMatchObject({
      rank: '',
      token_id: '8',
      token: '=c',
      chosen: 'true',
      raw_shift_linf: '6',
      last_layer_distance: '1.5',
      probability_change: '',
      next_token_kl: '0.25',
      mask_probability: '',
    })
  })
})

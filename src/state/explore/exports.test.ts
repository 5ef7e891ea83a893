import { csvParse } from 'd3-dsv'
import { expect, it } from 'vitest'
import { EMPTY_SESSION } from '../../core/session/session'
import { createAppStore } from '../store'
import { connectExplorer } from './explore'
import { createTestExplorer, INFO } from './explorerFixture'
import { canExportPython, exportJson, exportLayersCsv, exportNeighborsCsv, exportPython } from './exports'

it('exports what is on screen, and nothing while it is not known', async () => {
  const store = createAppStore()
  const live = createTestExplorer()
  const disconnect = connectExplorer(store, { live: () => live, shipped: null })
  const exports = [exportJson, exportLayersCsv, exportNeighborsCsv, exportPython]
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
  expect(exports.map((format) => format(store.getState()))).toEqual([null, null, null, null])

  // The text's own forward is done, and nothing was changed.
  store.getState().replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc' })
  await live.answerAll()
  expect(store.getState().sides[0].measurement.status).toBe('ready')
  expect(exportJson(store.getState())).toBeNull()

  store.getState().replaceSession({
    ...EMPTY_SESSION,
    text: 'a bb ccc',
    held: [{ position: 1, tokenId: 5 }],
    position: 2,
    pins: [{ text: 'x', substitutions: [{ position: 1, tokenId: 9 }], color: 2 }],
  })
  await live.answerAll()
  const state = store.getState()
  const json = JSON.parse(exportJson(state) ?? '')
  expect(json).toMatchObject({
    text: 'a bb ccc',
    position: 2,
    substitute: { id: 21, token: 't21', cosine: 1 / 3 },
    held: [{ position: 1, substitute: { id: 5 } }],
    pins: [{ text: 'x', substitutions: [{ position: 1, substitute: { id: 9 } }] }],
  })
  const layers = csvParse(exportLayersCsv(state) ?? '')
  expect(new Set(layers.map(({ series }) => series))).toEqual(new Set(['a → #5 + bb → t21', 'x → #9']))
  expect(csvParse(exportNeighborsCsv(state) ?? '')).toHaveLength(50)
  expect(exportPython(state)).toContain('SUBSTITUTIONS = {1: 5, 2: 21}')
  disconnect()
})

it('offers Python only where the program loads the open model', () => {
  const store = createAppStore()
  const details = {
    head: 'classification',
    causal: false,
    format: 'safetensors',
    files: ['m'],
    kept: true,
  } as const
  const offered = (changes: object, more: object = {}) => {
    const info = { ...INFO, ...more, details: { ...details, ...changes } }
    store.setState(({ model }) => ({ model: { ...model, info } }))
    return canExportPython(store.getState())
  }
  expect(offered({})).toBe(true)
  expect(offered({ format: 'torch' })).toBe(true)
  expect(offered({ files: ['a', 'b'] })).toBe(true)
  expect(offered({ head: 'masked-lm' }, { family: 'roberta' })).toBe(true)
  expect(offered({ format: 'onnx' })).toBe(false)
  const scaled = { provenance: { ...INFO.provenance, precision: 'int8 weights, fp32 compute' } }
  expect(offered({}, scaled)).toBe(true)
  expect(offered({ files: ['a', 'b'] }, scaled)).toBe(false)
  expect(offered({}, { ...scaled, id: 'owner/name' })).toBe(false)
})

import { expect, it } from 'vitest'
import { layerName, namedLayers, spokenLayer } from './layerAxis'

it('names every layer where there is room', () => {
  expect(namedLayers(12, 50, 26)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
})

it('thins in even steps and keeps both ends apart from their neighbours', () => {
  expect(namedLayers(12, 14, 26)).toEqual([0, 2, 4, 6, 8, 10, 12])
  expect(namedLayers(7, 14, 26)).toEqual([0, 2, 4, 7])
  expect(namedLayers(12, 0.1, 26)).toEqual([0, 12])
})

it('survives no layer and one layer', () => {
  expect(namedLayers(-1, 10, 26)).toEqual([])
  expect(namedLayers(0, 10, 26)).toEqual([0])
})

it('calls h_0 the embedding', () => {
  expect([layerName(0), layerName(8), spokenLayer(0), spokenLayer(8)]).toEqual([
    'emb',
    '8',
    'embedding layer',
    'layer 8',
  ])
})

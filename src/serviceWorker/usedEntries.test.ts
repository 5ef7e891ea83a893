import { expect, it } from 'vitest'
import { usedEntries } from './usedEntries'

const BASE = 'https://example.org/some/path/'
const entry = (url: string) => ({ url, revision: null })
const NEWER = [
  entry('assets/ort.wasm.min-NEW_hash.js'),
  entry('assets/ort.jspi.min-NEW-hash.js'),
  entry('runtime/ort-wasm-simd-threaded.wasm'),
  entry('runtime/ort-wasm-simd-threaded.jspi.wasm'),
]

it('carries over the runtime that this browser uses, whatever its name and revision are now', () => {
  const kept = [
    `${BASE}assets/ort.wasm.min-C00iMjut.js`,
    `${BASE}runtime/ort-wasm-simd-threaded.wasm?__WB_REVISION__=former`,
    `${BASE}runtime/no-longer-there.wasm`,
  ]
  expect(usedEntries(NEWER, kept, BASE)).toEqual([NEWER[0], NEWER[2]])
})

it('fetches nothing of the runtime where none was used, or only by a copy of the page elsewhere', () => {
  expect(usedEntries(NEWER, [], BASE)).toEqual([])
  const elsewhere = ['https://example.org/runtime/ort-wasm-simd-threaded.wasm']
  expect(usedEntries(NEWER, elsewhere, BASE)).toEqual([])
})

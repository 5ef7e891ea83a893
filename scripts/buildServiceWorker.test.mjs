import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import shippedRuns from '../src/core/corpus/shippedRuns.json' with { type: 'json' }
import { listKeptFiles } from './buildServiceWorker.mjs'

it('keeps all but weights and compressed copies, runtime and further ready-made runs once used, each held to its sha256', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ripplescope-kept-'))
  const paths = [
    'index.html',
    'index.html.br',
    'serviceWorker.js',
    'assets/index-CSKA_c0P.js',
    'assets/index-CSKA_c0P.js.gz',
    'assets/ort.wasm.min-C00iMjut.js',
    'corpora/another.zip',
    `corpora/${shippedRuns[0].id}.zip`,
    'runtime/ort-wasm-simd-threaded.wasm',
    'models/a/config.json',
    'models/a/model.safetensors',
    'models/a/README.md',
    'models/a/LICENSE',
  ]
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
  const { always, onUse } = await listKeptFiles(folder)
  rmSync(folder, { recursive: true })
  expect(always.map(({ url }) => url)).toEqual([
    'assets/index-CSKA_c0P.js',
    `corpora/${shippedRuns[0].id}.zip`,
    'index.html',
    'models/a/config.json',
  ])
  expect(onUse.map(({ url }) => url)).toEqual([
    'assets/ort.wasm.min-C00iMjut.js',
    'corpora/another.zip',
    'runtime/ort-wasm-simd-threaded.wasm',
  ])
  const digest = createHash('sha256').update('index.html').digest('base64')
  expect(always[2]).toEqual({ url: 'index.html', revision: digest, integrity: `sha256-${digest}` })
  expect(always[0].revision).toBeNull()
})

import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from '../../../core/failure'
import { layerwiseDistances } from '../../../core/measures/measurement'
import type { HubSource } from '../../../core/modelSource'
import { foreignBytes } from '../../../onnx/foreign/foreignFixture'
import { type FamilyFixture, familyFile, readFamilyJson } from '../../familyFixture'
import { createNodeRuntime } from '../../forward/nodeRuntime'
import { openModel } from '../../openedModel'
import { CachesFixture } from '../cachesFixture'
import { fetchHubModel, planHubModel } from './hubModel'
import { type HubServer, type ServedModel, startHubServer } from './hubServerFixture'

const FOLDER = 'tiny-modernbert'

function served(names: readonly string[] = readdirSync(familyFile(FOLDER, '.'))): ServedModel['files'] {
  return Object.fromEntries(names.map((name) => [name, readFileSync(familyFile(FOLDER, name))]))
}

const SMALL = served(['config.json', 'tokenizer.json', 'tokenizer_config.json'])
const STRANGER = { ...SMALL, 'config.json': '{"model_type": "stranger", "vocab_size": 9}' }
const ONNX = foreignBytes('bert.legacy-11.onnx')
const MODELS: Record<string, ServedModel> = {
  'owner/modern': { files: served(), revisions: ['v1'] },
  'owner/stranger': {
    files: {
      ...STRANGER,
      'model.safetensors': new Uint8Array(2000),
      'onnx/model_quantized.onnx': new Uint8Array(1500),
      'onnx/model_fp16.onnx': new Uint8Array(1500),
      'onnx/model.onnx': ONNX,
      'onnx/model.onnx_data': new Uint8Array(3000),
    },
  },
  'owner/rounded': {
    files: { ...STRANGER, 'onnx/model_quantized.onnx': ONNX, 'onnx/model_int8.onnx': ONNX },
  },
  'owner/gated': { files: served(), gated: 'auto' },
}

let server: HubServer

beforeEach(async () => {
  vi.stubGlobal('caches', new CachesFixture())
  server = await startHubServer(MODELS)
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server.close()
})

const hub = (id: string, revision = 'main'): HubSource => ({ kind: 'hub', id, revision })
const plan = (id: string, revision?: string) => planHubModel(hub(id, revision), { base: server.base })

describe('a model of the hub', () => {
  it('is planned by its files, without a byte of its weights', async () => {
    const found = await plan('owner/modern', 'v1')
    expect(found).toMatchObject({
      family: 'modernbert',
      format: 'safetensors',
      source: hub('owner/modern', 'v1'),
    })
    expect(found.files.map(({ path }) => path)).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'model.safetensors',
    ])
    expect(found.bytes).toBe(found.files.reduce((sum, { bytes }) => sum + (bytes ?? Number.NaN), 0))
    expect(found.keptBytes).toBeLessThan(found.bytes)
    expect(server.requests.some(({ path }) => path.includes('safetensors'))).toBe(false)
  })

  it('opens, gives transformers’ numbers, and names its commit; then all of it is kept', async () => {
    const files = await fetchHubModel(hub('owner/modern', 'v1'), { base: server.base })
    const model = await openModel(createNodeRuntime(1), files)
    const { model: fixture, cases } = readFamilyJson<FamilyFixture>(FOLDER, 'reference.json')
    expect(model.info).toMatchObject({
      id: 'owner/modern@v1',
      provenance: { sha256: fixture.sha256, revision: server.commitOf('owner/modern') },
      details: { format: 'safetensors', kept: true },
    })
    const [{ inputIds, substitution }] = cases
    const { position, tokenId, distances } = substitution
    const measurement = await model.measure({ inputIds, substitutions: [{ position, tokenId }] })
    for (const [layer, { distance }] of layerwiseDistances(measurement).entries()) {
      expect(Math.abs(distance / distances[layer] - 1), `D_${layer}`).toBeLessThan(1e-4)
    }
    await model.release()
    const again = await plan('owner/modern', 'v1')
    expect(again.keptBytes).toBe(again.bytes)
  })

  it('that is kept opens again without asking anybody, and not where any of it is missing', async () => {
    const keptOnly = { ...hub('owner/modern', 'v1'), keptOnly: true }
    await plan('owner/modern', 'v1')
    const asked = server.requests.length
    const begun = await planHubModel(keptOnly, { base: server.base })
    expect(begun.keptBytes).toBeLessThan(begun.bytes)
    await expect(fetchHubModel(keptOnly, { base: server.base })).rejects.toThrow('Not all of its files')
    expect(server.requests).toHaveLength(asked)
    const { sha256 } = await fetchHubModel(hub('owner/modern', 'v1'), { base: server.base })
    await server.close()
    const kept = await planHubModel(keptOnly, { base: server.base })
    expect(kept.keptBytes).toBe(kept.bytes)
    expect((await fetchHubModel(keptOnly, { base: server.base })).sha256).toBe(sha256)
  })

  it('of a family that is not read is planned by its exact ONNX file and that file’s data', async () => {
    const found = await plan('owner/stranger')
    expect(found).toMatchObject({ family: 'stranger', format: 'onnx' })
    expect(found.files.map(({ path }) => path).slice(3)).toEqual(['onnx/model.onnx', 'onnx/model.onnx_data'])
  })

  it.each([
    ['owner/rounded', /8-bit integers \(onnx\/model_/, /safetensors/],
    ['owner/gated', /gated/, /drop its folder/],
  ])('%s is refused before anything is fetched, with what to do', async (id, message, advice) => {
    const failure = await plan(id).then(
      () => null,
      (thrown: unknown) => failureOf(thrown),
    )
    expect(failure?.message).toMatch(message)
    expect(failure?.advice).toMatch(advice)
    expect(server.requests.some(({ path }) => path.endsWith('.onnx') || path.includes('safetensors'))).toBe(
      false,
    )
  })
})

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { familyFile } from '../familyFixture'
import { CachesFixture } from './cachesFixture'
import { fetchHubModel, planHubModel } from './hub/hubModel'
import { type HubServer, startHubServer } from './hub/hubServerFixture'
import { listKeptHubModels } from './savedModels'

const FOLDER = 'tiny-electra'
const NAMES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']
const files = Object.fromEntries(NAMES.map((name) => [name, readFileSync(familyFile(FOLDER, name))]))
const total = Object.values(files).reduce((sum, { length }) => sum + length, 0)
const weights = files['model.safetensors'].length
const source = { kind: 'hub', id: 'owner/name', revision: 'v1' } as const

let server: HubServer
let shut = true

beforeEach(async () => {
  vi.stubGlobal('caches', new CachesFixture())
  shut = true
  server = await startHubServer({ 'owner/name': { files, revisions: ['v1'] } }, ({ path }) =>
    shut && path.endsWith('model.safetensors') ? { status: 403 } : null,
  )
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server.close()
})

it('says what is missing of each, down to files that were never begun, and asks nobody', async () => {
  const { base } = server
  await planHubModel(source, { base })
  const lookedUp = { id: 'owner/name', bytes: files['config.json'].length, revisions: [] }
  expect(await listKeptHubModels(base)).toEqual([lookedUp])
  await expect(fetchHubModel(source, { base })).rejects.toThrow('403')
  const asked = server.requests.length
  expect(await listKeptHubModels(base)).toEqual([
    { id: 'owner/name', bytes: total - weights, revisions: [{ source, missingBytes: weights }] },
  ])
  expect(server.requests).toHaveLength(asked)
  shut = false
  await fetchHubModel(source, { base })
  expect(await listKeptHubModels(base)).toEqual([
    {
      id: 'owner/name',
      bytes: total,
      revisions: [{ source: { ...source, keptOnly: true }, missingBytes: 0 }],
    },
  ])
})

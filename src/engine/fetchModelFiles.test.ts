import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HostedSource } from '../core/modelSource'
import { fetchModelFiles } from './fetchModelFiles'

const WEIGHTS = 'the weights'
const FOLDER = 'https://example.org/models/a/'

const source: HostedSource = {
  kind: 'hosted',
  id: 'a',
  url: FOLDER,
  weights: 'model.safetensors',
  bytes: WEIGHTS.length,
  sha256: createHash('sha256').update(WEIGHTS).digest('hex'),
}

/** What the page keeps: the Cache API, as far as it is used. */
let kept: Map<string, string>
let fetched: string[]

function serve(weights: string) {
  fetched = []
  vi.stubGlobal('fetch', async (url: string) => {
    fetched.push(url.slice(FOLDER.length))
    return new Response(url.endsWith('.json') ? '{}' : weights)
  })
}

beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('caches', {
    open: async () => ({
      match: async (key: string) => {
        const text = kept.get(key)
        return text === undefined ? undefined : new Response(text)
      },
      put: async (key: string, response: Response) => {
        kept.set(key, await response.text())
      },
    }),
  })
})

afterEach(() => vi.unstubAllGlobals())

it('keeps weights that hash to what they should, and does not fetch them twice', async () => {
  serve(WEIGHTS)
  const first = await fetchModelFiles(source, () => undefined)
  expect(await first.weights.text()).toBe(WEIGHTS)
  expect([...kept.values()]).toEqual([WEIGHTS])
  serve('another file')
  const second = await fetchModelFiles(source, () => undefined)
  expect(await second.weights.text()).toBe(WEIGHTS)
  expect(fetched).not.toContain('model.safetensors')
})

it('refuses and does not keep weights of the right length with one other byte', async () => {
  serve(WEIGHTS.replace('w', 'v'))
  await expect(fetchModelFiles(source, () => undefined)).rejects.toMatchObject({
    failure: { kind: 'damaged-file' },
  })
  expect(kept.size).toBe(0)
})

it('does not take what was kept of another release', async () => {
  serve(WEIGHTS)
  await fetchModelFiles(source, () => undefined)
  const newer = 'new weights'
  serve(newer)
  const sha256 = createHash('sha256').update(newer).digest('hex')
  const files = await fetchModelFiles({ ...source, sha256 }, () => undefined)
  expect(await files.weights.text()).toBe(newer)
})

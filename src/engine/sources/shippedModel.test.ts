import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HostedSource } from '../../core/modelSource'
import { fetchShippedModel } from './shippedModel'

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

/** Entries saved by the page: the used part of the Cache API. */
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
      delete: async (key: string) => kept.delete(key),
    }),
  })
})

afterEach(() => vi.unstubAllGlobals())

it('keeps weights that hash to what they should, and does not fetch them twice', async () => {
  serve(WEIGHTS)
  const first = await fetchShippedModel(source, () => undefined)
  expect(await first.weights.text()).toBe(WEIGHTS)
  expect([...kept.values()]).toEqual([WEIGHTS])
  serve('another file')
  const second = await fetchShippedModel(source, () => undefined)
  expect(await second.weights.text()).toBe(WEIGHTS)
  expect(fetched).not.toContain('model.safetensors')
})

it('refuses and does not keep weights of the right length with one other byte', async () => {
  serve(WEIGHTS.replace('w', 'v'))
  await expect(fetchShippedModel(source, () => undefined)).rejects.toMatchObject({
    failure: { kind: 'damaged-file' },
  })
  expect(kept.size).toBe(0)
})

it('does not take what was kept of another release', async () => {
  serve(WEIGHTS)
  await fetchShippedModel(source, () => undefined)
  const newer = 'new weights'
  serve(newer)
  const sha256 = createHash('sha256').update(newer).digest('hex')
  const files = await fetchShippedModel({ ...source, sha256 }, () => undefined)
  expect(await files.weights.text()).toBe(newer)
})

/**
 * Serves from a server whose connection breaks after so many bytes (null: never); it knows ranges unless told
 * otherwise.
 */
function serveBroken(cutAfter: number | null, headers: Record<string, string> = {}, ranges = true) {
  const asked: (string | null)[] = []
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    if (url.endsWith('.json')) return new Response('{}')
    const range = new Headers(init?.headers).get('range')
    asked.push(range)
    const start = ranges ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0
    const bytes = new TextEncoder().encode(WEIGHTS.slice(start, cutAfter ?? undefined))
    let sent = false
    const body = new ReadableStream({
      pull(controller) {
        if (!sent) controller.enqueue(bytes)
        else if (cutAfter === null) controller.close()
        else controller.error(new TypeError('network error'))
        sent = true
      },
    })
    const rest = { 'content-range': `bytes ${start}-${WEIGHTS.length - 1}/${WEIGHTS.length}` }
    return new Response(body, { status: start > 0 ? 206 : 200, headers: start > 0 ? rest : headers })
  })
  return asked
}

const failing = () => expect(fetchShippedModel(source, () => undefined)).rejects

it('goes on by range where the connection broke, again and again', async () => {
  serveBroken(4)
  await failing().toMatchObject({
    failure: {
      kind: 'network',
      message: 'model.safetensors was cut off after 4 of 11 bytes.',
      kept: 'What has come is kept, and so are your text and pins.',
    },
  })
  expect(serveBroken(7)).toEqual([])
  await failing().toMatchObject({ failure: { advice: 'Try again: it goes on from there.' } })
  // The network does not answer at all: what was there stays.
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('.json')) return new Response('{}')
    throw new TypeError('Failed to fetch')
  })
  await failing().toMatchObject({ failure: { kind: 'network' } })
  const asked = serveBroken(null)
  const loaded: number[] = []
  const { weights } = await fetchShippedModel(source, (progress) => loaded.push(progress.loadedBytes))
  expect(asked).toEqual(['bytes=7-'])
  expect(loaded).toEqual([7, WEIGHTS.length])
  expect(await weights.text()).toBe(WEIGHTS)
  expect([...kept.values()]).toEqual([WEIGHTS])
})

it('takes the whole file of a server that knows no ranges', async () => {
  serveBroken(4)
  await failing().toMatchObject({ failure: { kind: 'network' } })
  serveBroken(null, {}, false)
  expect(await (await fetchShippedModel(source, () => undefined)).weights.text()).toBe(WEIGHTS)
})

it('keeps no part of an answer that is packed, nor one without a cache', async () => {
  serveBroken(4, { 'content-encoding': 'br' })
  await failing().toMatchObject({ failure: { kept: 'Your text and pins are kept.' } })
  expect(kept.size).toBe(0)
  vi.stubGlobal('caches', undefined)
  serveBroken(4)
  await failing().toMatchObject({ failure: { advice: 'Check the connection and try again.' } })
})

it('forgets parts that do not belong together', async () => {
  serveBroken(4)
  await failing().toMatchObject({ failure: { kind: 'network' } })
  for (const key of kept.keys()) kept.set(key, 'evil')
  serveBroken(null)
  await failing().toMatchObject({ failure: { kind: 'damaged-file' } })
  expect(kept.size).toBe(0)
})

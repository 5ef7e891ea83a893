import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { hearRequests, observeRequests, onWorkerRequests, reportRequests } from './requests'

const realFetch = globalThis.fetch
let timeline: (entries: readonly { name: string }[]) => void

class FakeObserver {
  constructor(callback: (list: { getEntries(): readonly { name: string }[] }) => void) {
    timeline = (entries) => callback({ getEntries: () => entries })
  }
  observe() {}
}

beforeEach(() => {
  vi.stubGlobal('PerformanceObserver', FakeObserver)
  vi.stubGlobal('location', new URL('https://example.org/page/worker.js'))
})

afterEach(() => {
  vi.unstubAllGlobals()
  globalThis.fetch = realFetch
})

function answer(url: string, redirected: boolean) {
  const response = Object.defineProperties(new Response('body'), {
    url: { value: url },
    redirected: { value: redirected },
  })
  globalThis.fetch = vi.fn(async () => response)
  return response
}

it('tells a fetch when it starts, and where it was sent on to', async () => {
  const response = answer('https://store.hf.co/file', true)
  const told: string[] = []
  observeRequests((urls) => told.push(...urls))
  const fetching = fetch('https://huggingface.co/file')
  expect(told).toEqual(['https://huggingface.co/file'])
  expect(await fetching).toBe(response)
  expect(told).toEqual(['https://huggingface.co/file', 'https://store.hf.co/file'])
})

it('tells addresses in every form that fetch takes, and a fetch that fails', async () => {
  answer('https://example.org/page/file', false)
  globalThis.fetch = vi.fn(async () => {
    throw new TypeError('Failed to fetch')
  })
  const told: string[] = []
  observeRequests((urls) => told.push(...urls))
  await expect(fetch('file')).rejects.toThrow('Failed to fetch')
  await expect(fetch(new URL('https://example.org/url'))).rejects.toThrow()
  await expect(fetch(new Request('https://example.org/request'))).rejects.toThrow()
  expect(told).toEqual([
    'https://example.org/page/file',
    'https://example.org/url',
    'https://example.org/request',
  ])
})

it("tells what the browser's timeline lists, what left the machine only", () => {
  const told: string[] = []
  observeRequests((urls) => told.push(...urls))
  timeline([{ name: 'https://example.org/module.js' }, { name: 'blob:https://example.org/1' }])
  timeline([{ name: 'data:,' }])
  expect(told).toEqual(['https://example.org/module.js'])
})

it('carries the requests of workers to the page, those from before it listened too', () => {
  const post = vi.fn()
  vi.stubGlobal('postMessage', post)
  reportRequests()
  timeline([{ name: 'https://example.org/early' }])
  const worker = new EventTarget()
  hearRequests(worker as Worker)
  const arrive = (data: unknown) => worker.dispatchEvent(new MessageEvent('message', { data }))
  arrive(post.mock.calls[0][0])
  arrive({ id: 'an answer to a call' })
  arrive(null)
  const heard: string[] = []
  onWorkerRequests((urls) => heard.push(...urls))
  expect(heard).toEqual(['https://example.org/early'])
  timeline([{ name: 'https://example.org/late' }])
  arrive(post.mock.calls[1][0])
  expect(heard).toEqual(['https://example.org/early', 'https://example.org/late'])
})

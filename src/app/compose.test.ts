// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { compose } from './compose'

/** Answers nothing and records what it was asked. */
class SilentWorker extends EventTarget {
  static readonly made: SilentWorker[] = []
  readonly asked: string[] = []
  readonly name: string

  constructor(_: URL, { name }: { readonly name: string }) {
    super()
    this.name = name
    SilentWorker.made.push(this)
  }

  postMessage({ method }: { readonly method: string }) {
    this.asked.push(method)
  }

  terminate() {}
}

beforeEach(() => {
  vi.stubGlobal('Worker', SilentWorker)
  // jsdom has none.
  vi.stubGlobal('PerformanceNavigationTiming', class {})
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
})
afterEach(() => {
  vi.unstubAllGlobals()
  SilentWorker.made.splice(0)
})

it('joins the store to its services: Corpus asks its worker once it is shown, and nothing before', async () => {
  const store = compose()
  const { services } = store.getState()
  expect([services.corpus, services.device, services.hub]).not.toContain(null)
  expect(services.device?.live()).toBeNull()
  expect(SilentWorker.made.filter(({ name }) => name === 'corpus')).toEqual([])
  store.getState().setView('corpus')
  await vi.waitFor(() => {
    const [corpus] = SilentWorker.made.filter(({ name }) => name === 'corpus')
    expect(corpus.asked).toEqual(['connect', 'stored', 'stored'])
  })
  store.getState().pauseRun()
  await vi.waitFor(() => expect(SilentWorker.made.at(-1)?.asked).toContain('pause'))
  await store.getState().checkDevice()
  expect(store.getState().deviceCheck.failure?.kind).toBe('not-ready')
})

import { describe, expect, it, vi } from 'vitest'
import type { ModelInfo, ModelSource } from '../core/explorer'
import { type Failure, failureOf } from '../core/failure'
import type { Measurement } from '../core/measurement'
import type { Provider } from '../engine/webRuntime'
import { type ChannelWorker, createChannelWorker } from './channelWorkerFixture'
import { type ClientOptions, type ClientStatus, createExplorerClient } from './client'
import type { Answer, ExplorerHost } from './protocol'
import type { WorkerLike } from './workerConnection'

const SOURCE: ModelSource = {
  kind: 'hosted',
  id: 'tiny',
  url: 'https://example.org/',
  weights: 'w',
  bytes: 4,
  sha256: 'ab',
}
const REQUEST = { inputIds: [1, 2, 3], substitutions: [{ position: 1, tokenId: 9 }] }

const ok = async <T>(value: T): Promise<Answer<T>> => ({ ok: true, value })
const no = async (kind: Failure['kind']): Promise<Answer<never>> => ({
  ok: false,
  failure: { kind, message: kind },
})

function infoOn(provider: Provider): ModelInfo {
  return {
    id: 'tiny',
    family: 'bert',
    layers: 1,
    width: 2,
    vocabularySize: 10,
    maxTokens: 8,
    labels: [],
    parameters: 1,
    bytes: 4,
    provenance: { modelId: 'tiny', sha256: 'ab', precision: 'fp32', device: provider, shipped: false },
  }
}

/** D_0 = D_1 = `distance`, one position. */
function measurementOf(provider: Provider, distance: number): Measurement {
  return {
    substitutions: REQUEST.substitutions,
    layers: 2,
    positions: 1,
    distances: Float32Array.of(distance, distance),
    originalNorms: Float32Array.of(1, 1),
    perturbedNorms: Float32Array.of(1, 1),
    shift: { l1: 1, l2: 1, linf: 1 },
    logits: null,
    provenance: infoOn(provider).provenance,
  }
}

interface FakeWorker {
  readonly provider: () => Provider | null
  readonly channel: ChannelWorker
}

/** Workers that answer as usual but for what `behave` gives. */
function fakeWorkers(behave: (provider: Provider, index: number) => Partial<ExplorerHost> = () => ({})) {
  const made: FakeWorker[] = []
  function createWorker(): WorkerLike {
    let provider: Provider | null = null
    const index = made.length
    const call =
      <K extends keyof ExplorerHost>(name: K, usual: (provider: Provider) => unknown) =>
      (...args: unknown[]) => {
        const special = behave(provider as Provider, index)[name] as
          | ((...args: unknown[]) => unknown)
          | undefined
        return special ? special(...args) : usual(provider as Provider)
      }
    const channel = createChannelWorker({
      start: (options: { provider: Provider }) => {
        provider = options.provider
        return ok(undefined)
      },
      load: call('load', (on) => ok(infoOn(on))),
      tokenize: call('tokenize', () =>
        ok({
          text: '',
          tokens: [1, 2, 3, 4, 5, 6].map((id) => ({ id, text: '', special: false, start: 0, end: 0 })),
          truncatedAt: null,
          totalTokens: 6,
          totalIsAtLeast: false,
        }),
      ),
      measure: call('measure', (on) => ok(measurementOf(on, 1))),
      vocabulary: call('vocabulary', () => ok(['a'])),
      dispose: () => ok(undefined),
      corpus: call('corpus', (on) => ok(on)),
    })
    made.push({ provider: () => provider, channel })
    return channel.worker
  }
  return { made, createWorker }
}

function memoryStorage(): Storage {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    get length() {
      return map.size
    },
  } as Storage
}

function clientOver(workers: ReturnType<typeof fakeWorkers>, options: Partial<ClientOptions> = {}) {
  const statuses: ClientStatus[] = []
  const client = createExplorerClient({
    createWorker: workers.createWorker,
    runtimeUrl: '/runtime/',
    threads: 1,
    storage: null,
    adapter: async () => null,
    whenIdle: async () => undefined,
    onStatus: (status) => statuses.push(status),
    ...options,
  })
  return { client, statuses, device: () => statuses.at(-1)?.info.provenance.device }
}

const realAdapter = async () => ({ name: 'acme gpu', fallback: false })

describe('createExplorerClient', () => {
  it('answers on WASM where there is no adapter', async () => {
    const workers = fakeWorkers()
    const { client, device } = clientOver(workers)
    await client.load(SOURCE)
    expect(device()).toBe('wasm')
    expect((await client.measure(REQUEST)).provenance.device).toBe('wasm')
    expect(workers.made).toHaveLength(1)
  })

  it('rejects with the failure that the worker names', async () => {
    const { client } = clientOver(fakeWorkers(() => ({ measure: () => no('invalid-request') })))
    await client.load(SOURCE)
    expect(failureOf(await client.measure(REQUEST).catch((e: unknown) => e))).toMatchObject({
      kind: 'invalid-request',
    })
  })

  it('opens on WASM where the GPU that was asked for never answers', async () => {
    const workers = fakeWorkers((provider) =>
      provider === 'webgpu' ? { load: () => new Promise<never>(() => undefined) } : {},
    )
    const options = { adapter: realAdapter, preference: 'webgpu', gpuPatience: 30 } as const
    const { client, device, statuses } = clientOver(workers, options)
    await client.load(SOURCE)
    expect(device()).toBe('wasm')
    expect(statuses.at(-1)?.note).toMatch(/WebGPU could not open this model .*no answer/)
    expect(workers.made.map(({ channel }) => channel.terminated)).toEqual([true, false])
  })

  it('lets a run over a corpus wait until the page has what it asked for', async () => {
    const order: string[] = []
    const noted = (name: string) => () => {
      order.push(name)
      return ok([] as never)
    }
    const workers = fakeWorkers(() => ({
      corpus: noted('corpus'),
      measure: noted('measure'),
    }))
    const { client } = clientOver(workers)
    await client.load(SOURCE)
    await Promise.all([
      client.corpus.shifts([1], [2]),
      client.corpus.shifts([1], [2]),
      client.measure(REQUEST, { priority: 'ahead' }),
      client.measure(REQUEST, { priority: 'act' }),
    ])
    expect(order).toEqual(['corpus', 'measure', 'measure', 'corpus'])
  })

  it('starts a dead worker again and repeats the request', async () => {
    const workers = fakeWorkers((_, index) =>
      index === 0
        ? {
            measure: () => {
              workers.made[0].channel.crash()
              return new Promise<never>(() => undefined)
            },
          }
        : {},
    )
    const { client, statuses } = clientOver(workers)
    await client.load(SOURCE)
    expect((await client.measure(REQUEST)).provenance.device).toBe('wasm')
    expect(workers.made).toHaveLength(2)
    expect(workers.made[0].channel.terminated).toBe(true)
    expect(statuses.map(({ lost }) => lost?.message)).toEqual([
      undefined,
      'The worker that runs the model stopped.',
    ])
    expect(statuses.at(-1)?.lost).toMatchObject({
      kept: 'Your text and pins are kept.',
      advice: 'It was started again, and what was asked is measured again.',
    })
  })

  it('gives up on a worker that dies every time', async () => {
    const workers = fakeWorkers((_, index) => ({
      measure: () => {
        workers.made[index].channel.crash()
        return new Promise<never>(() => undefined)
      },
    }))
    const onEnd = vi.fn()
    const { client } = clientOver(workers, { onEnd })
    await client.load(SOURCE)
    for (let i = 0; i < 5; i++) {
      expect(failureOf(await client.measure(REQUEST).catch((e: unknown) => e))).toMatchObject({
        kind: 'worker-lost',
      })
    }
    expect(workers.made.length).toBeLessThanOrEqual(5)
    expect(onEnd).toHaveBeenCalledExactlyOnceWith({
      kind: 'worker-lost',
      message: 'The model stopped again and again.',
      kept: 'Your text and pins are kept.',
      advice: 'Try again; if it stays so, reload the page.',
    })
    await client.load(SOURCE)
    expect(await client.vocabulary()).toEqual(['a'])
  })

  it('falls back to WASM when the GPU is lost, and repeats the request', async () => {
    const workers = fakeWorkers((provider) =>
      provider === 'webgpu' ? { measure: () => no('device-lost') } : {},
    )
    const { client, statuses } = clientOver(workers, { adapter: realAdapter, preference: 'webgpu' })
    await client.load(SOURCE)
    expect(statuses.at(-1)?.info.provenance.device).toBe('webgpu')
    expect((await client.measure(REQUEST)).provenance.device).toBe('wasm')
    expect(statuses.at(-1)?.note).toMatch(/lost/)
    expect(statuses.at(-1)?.lost).toMatchObject({
      kind: 'device-lost',
      advice: 'WASM took over, and what was asked is measured again.',
    })
  })

  it('opens on WASM when WebGPU cannot open the model', async () => {
    const workers = fakeWorkers((provider) =>
      provider === 'webgpu' ? { load: () => no('device-lost') } : {},
    )
    const { client, device } = clientOver(workers, { adapter: realAdapter, preference: 'webgpu' })
    await client.load(SOURCE)
    expect(device()).toBe('wasm')
  })

  it('moves to a WebGPU that agrees and is faster, and remembers it', async () => {
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return ok(measurementOf('wasm', 1))
    }
    const workers = fakeWorkers((provider) => (provider === 'wasm' ? { measure: slow } : {}))
    const storage = memoryStorage()
    const first = clientOver(workers, { adapter: realAdapter, storage })
    await first.client.load(SOURCE)
    await vi.waitFor(() => expect(first.device()).toBe('webgpu'), 5000)
    expect(workers.made[0].channel.terminated).toBe(true)
    const second = clientOver(workers, { adapter: realAdapter, storage })
    await second.client.load(SOURCE)
    expect(second.device()).toBe('webgpu')
    expect(workers.made).toHaveLength(3)
  })

  it('stays on WASM when WebGPU is fast but wrong', async () => {
    const workers = fakeWorkers((provider) =>
      provider === 'wasm'
        ? {
            measure: async () => {
              await new Promise((resolve) => setTimeout(resolve, 30))
              return ok(measurementOf('wasm', 1))
            },
          }
        : { measure: () => ok(measurementOf('webgpu', 1.001)) },
    )
    const { client, statuses, device } = clientOver(workers, {
      adapter: realAdapter,
      storage: memoryStorage(),
    })
    await client.load(SOURCE)
    await vi.waitFor(() => expect(statuses.at(-1)?.note).toMatch(/not WASM's/), 5000)
    expect(device()).toBe('wasm')
    expect(workers.made[1].channel.terminated).toBe(true)
  })

  it('never tries a software adapter unasked', async () => {
    const workers = fakeWorkers()
    const { client } = clientOver(workers, { adapter: async () => ({ name: 'swiftshader', fallback: true }) })
    await client.load(SOURCE)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(workers.made).toHaveLength(1)
  })

  it('stops a load when asked', async () => {
    const workers = fakeWorkers(() => ({ load: () => new Promise<never>(() => undefined) }))
    const { client } = clientOver(workers)
    const loading = client.load(SOURCE).catch(failureOf)
    await vi.waitFor(() => expect(workers.made).toHaveLength(1))
    client.cancelLoad()
    expect(await loading).toMatchObject({ kind: 'cancelled' })
    expect(workers.made[0].channel.terminated).toBe(true)
  })
})

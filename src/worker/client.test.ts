import { describe, expect, it, vi } from 'vitest'
import type { ModelInfo, ModelSource } from '../core/explorer'
import { type FailureKind, fail, failureOf } from '../core/failure'
import type { Measurement } from '../core/measures/measurement'
import { callOf, connect } from '../core/rpc'
import type { Provider } from '../engine/forward/webRuntime'
import { type ChannelWorker, createChannelWorker } from './channelWorkerFixture'
import { type ClientOptions, type ClientStatus, createExplorerClient } from './client'
import type { StartOptions } from './explorerProtocol'
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

/** Maps the name of a call to the worker's answer. */
type Behaviour = Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>

const no = async (kind: FailureKind): Promise<never> => fail(kind, kind)

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

/** Returns a measurement with D_0 = D_1 = `distance`, one position. */
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
  readonly channel: ChannelWorker
}

/** Creates workers that answer as usual but for what `behave` gives. */
function fakeWorkers(behave: (provider: Provider, index: number) => Behaviour = () => ({})) {
  const made: FakeWorker[] = []
  function createWorker(): WorkerLike {
    let provider: Provider = 'wasm'
    const index = made.length
    const usual = {
      load: () => infoOn(provider),
      tokenize: () => ({
        text: '',
        tokens: [1, 2, 3, 4, 5, 6].map((id) => ({ id, text: '', special: false, start: 0, end: 0 })),
        truncatedAt: null,
        totalTokens: 6,
        totalIsAtLeast: false,
      }),
      measure: () => measurementOf(provider, 1),
      vocabulary: () => ['a'],
      'corpus.shifts': () => provider,
    }
    const channel = createChannelWorker((port) =>
      connect(port, {
        serve: (method, args) => {
          if (method === 'load') ({ provider } = args[0] as StartOptions)
          return callOf({ ...usual, ...behave(provider, index) })(method, args)
        },
      }),
    )
    made.push({ channel })
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

  it('opens the model once more on the other device, and ends that worker alone', async () => {
    const workers = fakeWorkers()
    const { client, device } = clientOver(workers, { adapter: realAdapter, preference: 'wasm' })
    await client.load(SOURCE)
    const other = await client.openOtherDevice(new AbortController().signal)
    expect(other?.onGpu).toBe(true)
    expect((await other?.explorer.measure(REQUEST))?.provenance.device).toBe('webgpu')
    expect((await client.measure(REQUEST)).provenance.device).toBe('wasm')
    other?.end()
    expect(workers.made.map(({ channel }) => channel.terminated)).toEqual([false, true])
    await client.setDevicePreference('webgpu')
    expect(device()).toBe('webgpu')
    expect((await client.openOtherDevice(new AbortController().signal))?.onGpu).toBe(false)
  })

  it('opens no other device without an adapter, and gives up a GPU that never answers', async () => {
    const { client } = clientOver(fakeWorkers())
    await client.load(SOURCE)
    expect(await client.openOtherDevice(new AbortController().signal)).toBeNull()
    const workers = fakeWorkers((provider) =>
      provider === 'webgpu' ? { load: () => new Promise<never>(() => undefined) } : {},
    )
    const stuck = clientOver(workers, { adapter: realAdapter, preference: 'wasm', gpuPatience: 30 }).client
    await stuck.load(SOURCE)
    const failed = await stuck.openOtherDevice(new AbortController().signal).catch((e: unknown) => e)
    expect(failureOf(failed)).toMatchObject({
      kind: 'device-lost',
      message: expect.stringContaining('no answer'),
    })
    expect(workers.made.map(({ channel }) => channel.terminated)).toEqual([false, true])
    const stopping = new AbortController()
    const opening = stuck.openOtherDevice(stopping.signal).catch((e: unknown) => e)
    await vi.waitFor(() => expect(workers.made).toHaveLength(3))
    stopping.abort(new Error('stopped'))
    await opening
    expect(workers.made[2].channel.terminated).toBe(true)
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
      return []
    }
    const workers = fakeWorkers(() => ({
      'corpus.shifts': noted('corpus'),
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

  /** Returns workers with a clock that only forwards move: WASM takes 30 ms for one, WebGPU none. */
  function timed(measured: Partial<Record<Provider, () => Measurement | Promise<never>>> = {}) {
    let time = 0
    const workers = fakeWorkers((provider) => ({
      measure: () => {
        if (provider === 'wasm') time += 30
        return measured[provider]?.() ?? measurementOf(provider, 1)
      },
    }))
    return { workers, now: () => time }
  }

  it('moves to a WebGPU that agrees and is faster, and remembers it', async () => {
    const { workers, now } = timed()
    const storage = memoryStorage()
    const first = clientOver(workers, { adapter: realAdapter, storage, now })
    await first.client.load(SOURCE)
    await vi.waitFor(() => expect(first.device()).toBe('webgpu'))
    expect(workers.made[0].channel.terminated).toBe(true)
    const second = clientOver(workers, { adapter: realAdapter, storage, now })
    await second.client.load(SOURCE)
    expect(second.device()).toBe('webgpu')
    expect(workers.made).toHaveLength(3)
  })

  it('stays on WASM when WebGPU is fast but wrong', async () => {
    const { workers, now } = timed({ webgpu: () => measurementOf('webgpu', 1.001) })
    const { client, statuses, device } = clientOver(workers, {
      adapter: realAdapter,
      storage: memoryStorage(),
      now,
    })
    await client.load(SOURCE)
    await vi.waitFor(() => expect(statuses.at(-1)?.note).toMatch(/not WASM's/))
    expect(device()).toBe('wasm')
    expect(workers.made[1].channel.terminated).toBe(true)
  })

  it('remembers that WebGPU cannot run a model, and does not try again', async () => {
    const { workers, now } = timed({ webgpu: () => no('device-lost') })
    const storage = memoryStorage()
    const first = clientOver(workers, { adapter: realAdapter, storage, now })
    await first.client.load(SOURCE)
    await vi.waitFor(() => expect(first.statuses.at(-1)?.note).toMatch(/could not run this model/))
    const whenIdle = vi.fn(async () => undefined)
    const second = clientOver(workers, { adapter: realAdapter, storage, now, whenIdle })
    await second.client.load(SOURCE)
    expect(second.statuses.at(-1)?.note).toMatch(/could not run this model/)
    expect(whenIdle).not.toHaveBeenCalled()
  })

  describe('an idle comparison of devices', () => {
    const OTHER: ModelSource = { ...SOURCE, id: 'other', sha256: 'cd' }
    const never = () => new Promise<never>(() => undefined)

    /** Starts a comparison whose candidate is being measured and never answers. */
    async function underWay() {
      const storage = memoryStorage()
      const remember = vi.spyOn(storage, 'setItem')
      const { workers, now } = timed({ webgpu: never })
      const asked = vi.fn(realAdapter)
      const set = clientOver(workers, { adapter: asked, storage, now })
      await set.client.load(SOURCE)
      const before = now()
      await vi.waitFor(() => expect(now()).toBeGreaterThan(before))
      expect(workers.made).toHaveLength(2)
      return { ...set, workers, remember, candidate: workers.made[1].channel }
    }

    /** Waits for the next task; after a worker's end everything here continues in promises before it. */
    const nextTask = () => new Promise((resolve) => setImmediate(resolve))

    it.each<[string, (set: Awaited<ReturnType<typeof underWay>>) => unknown]>([
      ['a preference', ({ client }) => client.setDevicePreference('wasm')],
      ['another model', ({ client }) => client.load(OTHER)],
      ['its end', ({ client }) => client.dispose()],
      [
        'the loss of the model that answers',
        async ({ client, workers }) => {
          workers.made[0].channel.crash()
          await client.measure(REQUEST)
        },
      ],
      ['the loss of its own worker', ({ candidate }) => candidate.crash()],
    ])('that is interrupted by %s is not remembered, and its worker ends', async (_, interrupt) => {
      const set = await underWay()
      await interrupt(set)
      await vi.waitFor(() => expect(set.candidate.terminated).toBe(true))
      await nextTask()
      expect(set.remember).not.toHaveBeenCalled()
    })

    it('is remembered for the model that it was made with', async () => {
      const storage = memoryStorage()
      const remember = vi.spyOn(storage, 'setItem')
      const { workers, now } = timed()
      const { client, device } = clientOver(workers, { adapter: realAdapter, storage, now })
      await client.load(SOURCE)
      await vi.waitFor(() => expect(device()).toBe('webgpu'))
      expect(remember.mock.calls.map(([key]) => key)).toEqual([expect.stringContaining(':ab:acme gpu')])
    })
  })

  it('never tries a software adapter unasked', async () => {
    const workers = fakeWorkers()
    const whenIdle = vi.fn(async () => undefined)
    const { client } = clientOver(workers, {
      adapter: async () => ({ name: 'swiftshader', fallback: true }),
      whenIdle,
    })
    await client.load(SOURCE)
    expect(whenIdle).not.toHaveBeenCalled()
    expect(workers.made).toHaveLength(1)
  })

  it.each<[string, (client: ReturnType<typeof createExplorerClient>) => unknown]>([
    ['disposed', (client) => client.dispose()],
    ['stopped', (client) => client.cancelLoad()],
  ])('starts no worker once it is %s while it waits for the adapter', async (_, end) => {
    const workers = fakeWorkers()
    let found: (adapter: null) => void = () => undefined
    const { client, statuses } = clientOver(workers, {
      adapter: () => new Promise((resolve) => (found = resolve)),
    })
    const loading = client.load(SOURCE).catch(failureOf)
    end(client)
    found(null)
    expect(await loading).toMatchObject({ kind: 'cancelled' })
    expect(workers.made).toHaveLength(0)
    expect(statuses).toEqual([])
  })

  it('is over once it is disposed', async () => {
    const workers = fakeWorkers()
    const { client } = clientOver(workers)
    await client.load(SOURCE)
    await client.dispose()
    for (const asked of [client.measure(REQUEST), client.vocabulary(), client.load(SOURCE)]) {
      expect(await asked.catch(failureOf)).toMatchObject({ kind: 'cancelled' })
    }
    await client.setDevicePreference('webgpu').catch(failureOf)
    expect(workers.made.map(({ channel }) => channel.terminated)).toEqual([true])
  })

  it('starts a worker that dies now and then for as long as it has quiet between', async () => {
    let time = 0
    let dies = true
    const workers = fakeWorkers((_, index) => ({
      measure: () => {
        if (!dies) return measurementOf('wasm', 1)
        dies = false
        workers.made[index].channel.crash()
        return new Promise<never>(() => undefined)
      },
    }))
    const { client } = clientOver(workers, { now: () => time })
    await client.load(SOURCE)
    for (let i = 0; i < 8; i++) {
      dies = true
      expect((await client.measure(REQUEST)).provenance.device).toBe('wasm')
      time += 10 * 60_000
    }
    expect(workers.made).toHaveLength(9)
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

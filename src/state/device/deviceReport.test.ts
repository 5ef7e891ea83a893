import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeviceReference } from '../../core/device/deviceReference'
import type { ModelInfo, PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { substitutionsKey } from '../../core/measures/substitution'
import { INFO } from '../explore/explorerFixture'
import { createAppStore } from '../store'
import type { Asked } from './deviceCases'
import type { DeviceCheckState, DeviceServices, OtherDeviceModel } from './deviceCheckState'
import { browserName, deviceProgram, deviceReportText } from './deviceReportText'

const reference: DeviceReference = JSON.parse(
  readFileSync(new URL('../../../public/reference/built-in.json', import.meta.url), 'utf8'),
)

const infoOf = (device: string, sha256 = reference.model.sha256): ModelInfo => ({
  ...INFO,
  id: 'built-in',
  provenance: { ...INFO.provenance, sha256, device },
})

const FORWARD = 20

interface Device {
  /** Factor of every D_l of the last layer. */
  readonly error?: number
  readonly onMeasure?: (asked: number) => void
  readonly name?: string
  /** Answer of the page's server for the reference. */
  readonly fetched?: unknown
}

/** Answers from the reference itself, as a device does whose last layer is wrong by a factor. */
function fakePage({ error = 1, onMeasure, name = 'WebGPU', fetched = reference }: Device = {}) {
  const info = infoOf(name)
  const options: (RequestOptions | undefined)[] = []
  const asked: string[] = []
  const ask = <T>(given: RequestOptions | undefined, answer: T) => {
    options.push(given)
    return Promise.resolve(answer)
  }
  const explorer: Partial<PrioritizedExplorer> = {
    tokenize: async (text) => {
      const found = reference.cases.find((one) => one.text === text)
      const tokens = (found?.inputIds ?? []).map((id) => ({ id, text: '', special: false, start: 0, end: 0 }))
      return { text, tokens, truncatedAt: null, totalTokens: tokens.length, totalIsAtLeast: false }
    },
    neighbors: ({ inputIds, positions: [position] }, given) => {
      const one = reference.cases.find((candidate) => candidate.inputIds.join() === inputIds.join())
      const row = one?.neighbors.find((candidate) => candidate.position === position)
      return ask(given, [
        (row?.ids ?? []).map((tokenId, i) => ({
          tokenId,
          token: '',
          cosine: row?.cosines[i] ?? 0,
          shift: { l1: 0, l2: row?.shifts[i] ?? 0, linf: 0 },
          rawShift: { l1: 0, l2: 0, linf: 0 },
        })),
      ])
    },
    measure: ({ inputIds, substitutions }, given) => {
      asked.push(substitutionsKey(substitutions))
      onMeasure?.(asked.length)
      const one = reference.cases.find((candidate) => candidate.inputIds.join() === inputIds.join())
      const key = substitutionsKey(substitutions)
      const known = one?.measurements.find((candidate) => substitutionsKey(candidate.substitutions) === key)
      const distances = Float32Array.from(known?.distances ?? [0])
      distances[distances.length - 1] *= error
      return ask(given, {
        substitutions,
        layers: distances.length,
        positions: 1,
        distances,
        originalNorms: new Float32Array(distances.length).fill(1),
        perturbedNorms: new Float32Array(distances.length).fill(1),
        shift: known?.shift ?? { l1: 0, l2: 0, linf: 0 },
        logits: { before: one?.logits ?? [], after: known?.logits ?? [] },
        provenance: info.provenance,
      })
    },
  }
  // Each reading of the clock is one forward later, although the answers come at once.
  let looks = 0
  const services: DeviceServices = {
    live: () => explorer as PrioritizedExplorer,
    otherDevice: async () => null,
    adapter: async () => ({ name: 'acme gpu', fallback: false }),
    fetchReference: async () => fetched,
    browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
    cores: 8,
    isolated: true,
    now: () => ++looks * FORWARD,
  }
  const store = createAppStore({ services: { device: services } })
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  const { checkDevice: start, stopDeviceCheck: stop } = store.getState()
  return { store, options, asked, check: { start, stop, state: () => store.getState().deviceCheck } }
}

let page: ReturnType<typeof fakePage>
beforeEach(() => {
  page = fakePage()
})

describe('the device check', () => {
  it('trusts a device whose numbers are those of PyTorch, and says how fast it is', async () => {
    const progress: DeviceCheckState['progress'][] = []
    page.store.subscribe(({ deviceCheck }) => progress.push(deviceCheck.progress))
    await page.check.start()
    const { status, report } = page.check.state()
    expect(status).toBe('done')
    expect(report?.trusted).toBe(true)
    const last = progress.findLast((at) => at !== null)
    expect(last?.done).toBe(last?.total)
    expect(report?.differences.map(({ measure }) => measure)).toEqual([
      'distance',
      'shift',
      'cosine',
      'logit',
    ])
    const longest = Math.max(...reference.cases.map(({ inputIds }) => inputIds.length))
    expect(report?.speeds[0].tokens).toBe(longest)
    expect(report?.speeds[0].milliseconds).toBe(FORWARD)
    expect(report?.speeds[0].tokensPerSecond).toBeCloseTo((1000 * longest) / FORWARD)
  })

  it('does not trust one whose last layer is off by a part in a thousand', async () => {
    const { check } = fakePage({ error: 1.001 })
    await check.start()
    const { report } = check.state()
    expect(report?.trusted).toBe(false)
    const [distance] = report?.differences ?? []
    expect(distance.measure).toBe('distance')
    expect(distance.relative).toBeCloseTo(1e-3, 5)
    expect(report && deviceReportText(report)).toContain('THE NUMBERS ARE NOT THOSE OF PYTORCH')
  })

  it('asks behind what the user clicks, and before what is measured ahead', async () => {
    await page.check.start()
    expect(page.options.length).toBeGreaterThan(10)
    expect(new Set(page.options.map((options) => options?.priority))).toEqual(new Set(['soon']))
  })

  it('times forwards that no memory answers, at a second check either', async () => {
    await page.check.start()
    const first = page.asked.slice(-6)
    await page.check.start()
    const second = page.asked.slice(-6)
    expect(new Set([...first, ...second]).size).toBe(12)
  })

  it('stops, keeps the former report, and can be started again', async () => {
    let stopAt = Number.POSITIVE_INFINITY
    const stopping = fakePage({ onMeasure: (asked) => asked >= stopAt && stopping.check.stop() })
    await stopping.check.start()
    const { report } = stopping.check.state()
    const before = stopping.asked.length
    stopAt = before + 2
    await stopping.check.start()
    expect(stopping.check.state()).toMatchObject({ status: 'stopped', report })
    expect(stopping.asked.length).toBe(before + 2)
    stopAt = Number.POSITIVE_INFINITY
    await stopping.check.start()
    expect(stopping.check.state().status).toBe('done')
  })

  it('says so where the model is not open, or the reference is damaged', async () => {
    page.store.setState(({ model }) => ({ model: { ...model, status: 'loading' } }))
    await page.check.start()
    expect(page.check.state().failure?.kind).toBe('not-ready')
    const damaged = fakePage({ fetched: {} })
    await damaged.check.start()
    expect(damaged.check.state().failure?.kind).toBe('damaged-file')
  })
})

/** Measures by arithmetic that any number of devices share, but for a factor of the last layer. */
function computingDevice(device: string, factor = 1, order: readonly number[] = [0, 1, 2]) {
  const calls: string[] = []
  const shift = { l1: 3, l2: 2, linf: 1 }
  const explorer: Asked = {
    tokenize: async (text) => {
      const words = ['[CLS]', ...text.split(' '), '[SEP]']
      const tokens = words.map((word, i) => {
        const special = i === 0 || i === words.length - 1
        return { id: word.length, text: word, special, start: 0, end: 0 }
      })
      return { text, tokens, truncatedAt: null, totalTokens: words.length, totalIsAtLeast: false }
    },
    neighbors: async ({ positions: [position], k }) => {
      calls.push(`neighbors ${position}`)
      // The first two are a tie, the third is not.
      const cosines = [0.9, 0.9, 0.5]
      const found = order.map((rank, i) => ({
        tokenId: 100 + rank,
        token: '',
        cosine: cosines[i],
        shift,
        rawShift: shift,
      }))
      return [found.slice(0, k)]
    },
    measure: async ({ inputIds, substitutions }) => {
      calls.push(substitutionsKey(substitutions))
      const own = inputIds.length + substitutions[0].tokenId
      return {
        substitutions,
        layers: 2,
        positions: 1,
        distances: Float32Array.of(own, 2 * own * factor),
        originalNorms: Float32Array.of(1, 1),
        perturbedNorms: Float32Array.of(1, 1),
        shift,
        logits: { before: [1, 2], after: [2, own] },
        provenance: infoOf(device).provenance,
      }
    },
  }
  return { explorer, calls }
}

/** Returns a page with another model than the built-in one, and a second device where one is given. */
function otherModelPage(answering: Asked, second: OtherDeviceModel | null) {
  const opened: AbortSignal[] = []
  const services: DeviceServices = {
    live: () => answering as PrioritizedExplorer,
    otherDevice: async (signal) => {
      opened.push(signal)
      return second
    },
    adapter: async () => ({ name: 'acme gpu', fallback: false }),
    fetchReference: async () => reference,
    browser: 'Firefox/142.0',
    cores: 8,
    isolated: true,
    now: () => performance.now(),
  }
  const store = createAppStore({ services: { device: services } })
  const info = { ...infoOf('WASM × 2', 'b'.repeat(64)), id: './mine' }
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  const progress: { done: number; total: number }[] = []
  store.subscribe(({ deviceCheck }) => deviceCheck.progress && progress.push(deviceCheck.progress))
  return { store, opened, progress, state: () => store.getState().deviceCheck }
}

describe('the check of a model without a reference', () => {
  const gpu = (factor = 1, order?: readonly number[]) => {
    const { explorer, calls } = computingDevice('WebGPU', factor, order)
    const end = vi.fn()
    return { calls, end, other: { explorer, onGpu: true, end } }
  }

  it('compares WebGPU with WASM, times both, ends the second one, and gives the program for PyTorch', async () => {
    const wasm = computingDevice('WASM × 2')
    const { other, calls, end } = gpu()
    const page = otherModelPage(wasm.explorer, other)
    await page.store.getState().checkDevice()
    const { status, report } = page.state()
    expect(status).toBe('done')
    expect(report).toMatchObject({
      trusted: true,
      against: { kind: 'wasm', device: 'WASM × 2' },
      provenance: { device: 'WebGPU' },
    })
    expect(report?.speeds.map(({ device }) => device)).toEqual(['WASM × 2', 'WebGPU'])
    expect(calls.length).toBe(wasm.calls.length)
    expect(end).toHaveBeenCalledOnce()
    const last = page.progress.at(-1)
    expect(last?.done).toBe(last?.total)
    const program = report && deviceProgram(report)
    expect(program).toContain('MODEL = Path("mine")')
    expect(program).toContain(`HERE = [${report?.sample.distances.join(', ')}]`)
    const text = report ? deviceReportText(report) : ''
    expect(text).toContain('the numbers are those of WASM × 2')
    expect(text).toMatch(/Speed, WebGPU: \d+ tokens/)
  })

  it('finds a GPU whose last layer is off by a part in a thousand', async () => {
    const { other, end } = gpu(1.001)
    const page = otherModelPage(computingDevice('WASM × 2').explorer, other)
    await page.store.getState().checkDevice()
    const { report } = page.state()
    expect(report?.trusted).toBe(false)
    expect(report?.differences[0]).toMatchObject({ measure: 'distance' })
    expect(report?.differences[0].relative).toBeCloseTo(1e-3, 4)
    expect(report && deviceReportText(report)).toContain('THE NUMBERS ARE NOT THOSE OF WASM')
    expect(end).toHaveBeenCalledOnce()
  })

  it('takes WASM for the yardstick where WebGPU answers, too', async () => {
    const page = otherModelPage(computingDevice('WebGPU', 1.001).explorer, {
      explorer: computingDevice('WASM × 2').explorer,
      onGpu: false,
      end: () => undefined,
    })
    await page.store.getState().checkDevice()
    const { report } = page.state()
    expect(report).toMatchObject({
      trusted: false,
      provenance: { device: 'WebGPU' },
      against: { kind: 'wasm', device: 'WASM × 2' },
    })
  })

  it('lets tokens of a tie change places, and no others', async () => {
    const checked = async (order: readonly number[]) => {
      const page = otherModelPage(computingDevice('WASM × 2').explorer, gpu(1, order).other)
      await page.store.getState().checkDevice()
      return page.state().report?.neighborsMatch
    }
    expect(await checked([1, 0, 2])).toBe(true)
    const wasm = computingDevice('WASM × 2').explorer
    const other = computingDevice('WebGPU').explorer
    const wrong: Asked = {
      ...other,
      neighbors: async (request) => {
        const [found] = await other.neighbors(request)
        return [[found[0], { ...found[2], cosine: 0.8 }, found[1]]]
      },
    }
    const page = otherModelPage(wasm, { explorer: wrong, onGpu: true, end: () => undefined })
    await page.store.getState().checkDevice()
    expect(page.state().report).toMatchObject({ neighborsMatch: false, trusted: false })
  })

  it('says what one device measures where there is no other, and trusts nothing', async () => {
    const page = otherModelPage(computingDevice('WASM × 2').explorer, null)
    await page.store.getState().checkDevice()
    const { report } = page.state()
    expect(report).toMatchObject({ against: null, trusted: false, compared: 0, differences: [] })
    expect(report?.speeds).toHaveLength(1)
    expect(report?.sample.distances).toHaveLength(2)
    expect(report && deviceReportText(report)).toContain('Verdict: nothing to compare with')
    expect(report && deviceProgram(report)).toContain('largest relative difference')
  })

  it('ends the second device where the check fails or is stopped', async () => {
    const { other, end } = gpu()
    const failing: Asked = { ...other.explorer, measure: () => Promise.reject(new Error('lost')) }
    const page = otherModelPage(computingDevice('WASM × 2').explorer, { ...other, explorer: failing })
    await page.store.getState().checkDevice()
    expect(page.state().status).toBe('failed')
    expect(end).toHaveBeenCalledOnce()
    const never = new Promise<never>(() => undefined)
    const hung: Asked = { ...other.explorer, measure: () => never }
    const opened = otherModelPage(computingDevice('WASM × 2').explorer, { ...other, explorer: hung })
    const running = opened.store.getState().checkDevice()
    await vi.waitFor(() => expect(opened.opened).toHaveLength(1))
    opened.store.getState().stopDeviceCheck()
    await running
    expect(opened.state().status).toBe('stopped')
    expect(opened.opened[0].aborted).toBe(true)
  })
})

describe('the report as text', () => {
  it('holds all that a bug report needs', async () => {
    await page.check.start()
    const { report } = page.check.state()
    const text = report ? deviceReportText(report) : ''
    for (const part of [
      'WebGPU',
      'acme gpu',
      'Firefox/142.0',
      reference.torch,
      '8 logical cores',
      'tokens per second',
    ]) {
      expect(text).toContain(part)
    }
  })

  it.each([
    [
      'Chrome 140.0',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.1.2 Safari/537.36',
    ],
    [
      'Edge 139.0',
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.3405.86',
    ],
    [
      'Safari 18.5',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    ],
    ['something else', 'something else'],
  ])('names %s', (name, userAgent) => {
    expect(browserName(userAgent)).toBe(name)
  })
})

import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DeviceReference } from '../../core/device/deviceReference'
import type { ModelInfo, PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { substitutionsKey } from '../../core/measures/substitution'
import { INFO } from '../explore/explorerFixture'
import { createAppStore } from '../store'
import type { DeviceCheckState, DeviceServices } from './deviceCheckState'
import { browserName, deviceReportText } from './deviceReportText'

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
    expect(report?.speed.tokens).toBe(longest)
    expect(report?.speed.milliseconds).toBe(FORWARD)
    expect(report?.speed.tokensPerSecond).toBeCloseTo((1000 * longest) / FORWARD)
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

  it('has no reference for another model', async () => {
    page.store.setState(({ model }) => ({ model: { ...model, info: infoOf('WASM', 'b'.repeat(64)) } }))
    await page.check.start()
    expect(page.check.state()).toMatchObject({ status: 'done', hasReference: false, report: null })
    expect(page.asked).toEqual([])
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

import { createStore, type StoreApi } from 'zustand/vanilla'
import { type DeviceReference, parseDeviceReference } from '../core/deviceReference'
import {
  type Difference,
  largestDifferences,
  measurementDifferences,
  neighborDifferences,
  TRUSTED_DIFFERENCE,
} from '../core/deviceReferenceDifference'
import type { ModelInfo, PrioritizedExplorer, RequestOptions } from '../core/explorer'
import { type Failure, fail, failureOf } from '../core/failure'
import { NO_FILTERS } from '../core/neighbor'
import type { Provenance } from '../core/provenance'
import { median } from '../core/statistics/median'
import { inputIdsOf } from '../core/token'
import type { AppStore } from './storeTypes'

/** What the check needs besides the store. */
export interface DeviceServices {
  /** The open model; null while there is none. */
  live(): PrioritizedExplorer | null
  /** The WebGPU adapter that the browser offers; null: none. */
  adapter(): Promise<{ readonly name: string; readonly fallback: boolean } | null>
  /** Parsed JSON of `reference/built-in.json`. */
  fetchReference(): Promise<unknown>
  readonly browser: string
  readonly cores: number
  /** Cross-origin isolated: only then may WASM use threads. */
  readonly isolated: boolean
  now(): number
}

export interface DeviceReport {
  /** Of the model and the device that answered. */
  readonly provenance: Provenance
  /** The largest difference from PyTorch of each measure. */
  readonly differences: readonly Difference[]
  readonly compared: number
  /** All texts were cut into PyTorch's tokens, and all neighbours are PyTorch's, in its order. */
  readonly tokensMatch: boolean
  readonly neighborsMatch: boolean
  /** Every difference is below the limit, and tokens and neighbours are the same. */
  readonly trusted: boolean
  readonly speed: {
    /** Tokens of the text whose forwards were timed. */
    readonly tokens: number
    readonly forwards: number
    /** Median over the forwards, ms. */
    readonly milliseconds: number
    readonly tokensPerSecond: number
  }
  readonly adapter: string | null
  readonly browser: string
  readonly cores: number
  readonly isolated: boolean
  readonly torch: string
  readonly transformers: string
  readonly reference: { readonly id: string; readonly sha256: string }
  /** ISO 8601 */
  readonly checkedAt: string
}

export interface DeviceCheckState {
  readonly status: 'idle' | 'running' | 'ready' | 'stopped' | 'error' | 'no-reference'
  readonly done: number
  readonly total: number
  readonly report: DeviceReport | null
  readonly failure: Failure | null
}

/** Behind what the user clicks, before what is measured ahead or over a corpus. */
const OPTIONS: RequestOptions = { priority: 'soon' }

const TIMED_FORWARDS = 5

/** Other substitutions each time: what the model has measured once comes from its memory. */
let timed = 0

interface Running {
  readonly explorer: PrioritizedExplorer
  readonly services: DeviceServices
  /** Counts a step; throws `cancelled` once the check was stopped. */
  step(): void
}

async function compareAll({ explorer, step }: Running, { cases }: DeviceReference) {
  const all: Difference[] = []
  const devices = new Map<string, Provenance>()
  let tokensMatch = true
  let neighborsMatch = true
  for (const { text, inputIds, logits, neighbors, measurements } of cases) {
    tokensMatch &&= inputIdsOf(await explorer.tokenize(text)).join() === inputIds.join()
    for (const expected of neighbors) {
      const k = expected.ids.length
      const request = { inputIds, positions: [expected.position], k, filters: NO_FILTERS }
      const [found] = await explorer.neighbors(request, OPTIONS)
      neighborsMatch &&= found.map(({ tokenId }) => tokenId).join() === expected.ids.join()
      all.push(...neighborDifferences(found, expected))
      step()
    }
    for (const expected of measurements) {
      const { substitutions } = expected
      const measurement = await explorer.measure({ inputIds, substitutions }, OPTIONS)
      devices.set(measurement.provenance.device, measurement.provenance)
      all.push(...measurementDifferences(measurement, expected, logits))
      step()
    }
  }
  return { all, tokensMatch, neighborsMatch, devices }
}

/**
 * Forwards of the longest text. All are asked for at once, so that nothing that is measured ahead comes between them; a
 * forward's time is that between two answers, and the first one warms up.
 */
async function measureSpeed({ explorer, services, step }: Running, { cases }: DeviceReference) {
  const { inputIds } = cases.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))
  const inner = inputIds.length - 2
  const answered = await Promise.all(
    Array.from({ length: 1 + TIMED_FORWARDS }, async () => {
      const turn = timed++
      // Never the token itself: its neighbour in the text, further away at each round over the text.
      const position = 1 + (turn % inner)
      const tokenId = inputIds[1 + ((turn + 1 + Math.floor(turn / inner)) % inner)]
      await explorer.measure({ inputIds, substitutions: [{ position, tokenId }] }, OPTIONS)
      const now = services.now()
      step()
      return now
    }),
  )
  const milliseconds = median(answered.slice(1).map((time, i) => time - answered[i]))
  return {
    tokens: inputIds.length,
    forwards: TIMED_FORWARDS,
    milliseconds,
    tokensPerSecond: (1000 * inputIds.length) / milliseconds,
  }
}

const stepsOf = ({ cases }: DeviceReference) =>
  cases.reduce((sum, one) => sum + one.neighbors.length + one.measurements.length, 1 + TIMED_FORWARDS)

async function check(running: Running, reference: DeviceReference): Promise<DeviceReport> {
  const { services } = running
  const { all, tokensMatch, neighborsMatch, devices } = await compareAll(running, reference)
  const speed = await measureSpeed(running, reference)
  const [provenance] = devices.values()
  if (devices.size !== 1) {
    fail('cancelled', 'The device changed during the check.', { advice: 'Check again.' })
  }
  const found = await services.adapter()
  const differences = largestDifferences(all)
  const close = differences.every(({ relative }) => relative < TRUSTED_DIFFERENCE)
  return {
    provenance,
    differences,
    compared: all.length,
    tokensMatch,
    neighborsMatch,
    trusted: close && tokensMatch && neighborsMatch,
    speed,
    adapter: found && (found.fallback ? `${found.name} (software)` : found.name),
    browser: services.browser,
    cores: services.cores,
    isolated: services.isolated,
    torch: reference.torch,
    transformers: reference.transformers,
    reference: reference.model,
    checkedAt: new Date().toISOString(),
  }
}

export interface DeviceCheck {
  readonly store: StoreApi<DeviceCheckState>
  /** Measures the reference with the open model; does nothing while a check is under way. */
  start(): Promise<void>
  /** Ends after the request under way; a former report stays. */
  stop(): void
}

const NOTHING: DeviceCheckState = { status: 'idle', done: 0, total: 0, report: null, failure: null }

/** "Check my device": the user's browser and device against PyTorch. */
export function createDeviceCheck(page: AppStore, services: DeviceServices): DeviceCheck {
  const store = createStore<DeviceCheckState>()(() => NOTHING)
  let stopped = false

  const openModel = (): { info: ModelInfo; explorer: PrioritizedExplorer } => {
    const { info, status } = page.getState().model
    const explorer = services.live()
    if (!info || !explorer || status !== 'ready') return fail('not-ready', 'The model is not open yet.')
    return { info, explorer }
  }

  async function run(): Promise<void> {
    const { info, explorer } = openModel()
    const reference = parseDeviceReference(await services.fetchReference())
    if (reference.model.sha256 !== info.provenance.sha256) {
      store.setState({ status: 'no-reference' })
      return
    }
    store.setState({ total: stepsOf(reference) })
    const step = () => {
      if (stopped) fail('cancelled', 'Stopped.')
      store.setState(({ done }) => ({ done: done + 1 }))
    }
    const report = await check({ explorer, services, step }, reference)
    store.setState({ status: 'ready', report })
  }

  return {
    store,
    start: async () => {
      if (store.getState().status === 'running') return
      stopped = false
      store.setState({ status: 'running', done: 0, total: 0, failure: null })
      try {
        await run()
      } catch (thrown) {
        const failure = failureOf(thrown)
        store.setState(stopped ? { status: 'stopped' } : { status: 'error', failure })
      }
    },
    stop: () => {
      stopped = true
    },
  }
}

const checks = new WeakMap<AppStore, DeviceCheck>()

/** The page's one check: a report stays while its panel is closed. */
export function deviceCheckOf(page: AppStore, services: DeviceServices): DeviceCheck {
  const known = checks.get(page)
  if (known) return known
  const created = createDeviceCheck(page, services)
  checks.set(page, created)
  return created
}

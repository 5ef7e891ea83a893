import { type DeviceReference, parseDeviceReference } from '../../core/device/deviceReference'
import {
  type Difference,
  largestDifferences,
  measurementDifferences,
  neighborDifferences,
  TRUSTED_DIFFERENCE,
} from '../../core/device/deviceReferenceDifference'
import type { PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { fail } from '../../core/failure'
import { NO_FILTERS } from '../../core/measures/neighbor'
import type { Provenance } from '../../core/session/provenance'
import { median } from '../../core/statistics/median'
import { inputIdsOf } from '../../core/text/token'
import type { AppState } from '../appState'
import type { Slice } from '../storeTypes'
import { createTask, NO_TASK, type TaskContext } from '../task'
import type {
  DeviceActions,
  DeviceCheckState,
  DeviceProgress,
  DeviceReport,
  DeviceServices,
} from './deviceCheckState'

/** Priority after the user's clicks, and before work in advance or over a corpus. */
const SOON: RequestOptions = { priority: 'soon' }

const TIMED_FORWARDS = 5

/**
 * Number of timed forwards: each takes other substitutions, because a measurement that was made before comes from
 * memory.
 */
let timed = 0

interface Running {
  readonly explorer: PrioritizedExplorer
  readonly services: DeviceServices
  readonly options: RequestOptions
  /** Counts a step; throws `cancelled` once the check was stopped. */
  step(): void
}

async function compareAll({ explorer, options, step }: Running, { cases }: DeviceReference) {
  const all: Difference[] = []
  const devices = new Map<string, Provenance>()
  let tokensMatch = true
  let neighborsMatch = true
  for (const { text, inputIds, logits, neighbors, measurements } of cases) {
    tokensMatch &&= inputIdsOf(await explorer.tokenize(text)).join() === inputIds.join()
    for (const expected of neighbors) {
      const k = expected.ids.length
      const request = { inputIds, positions: [expected.position], k, filters: NO_FILTERS }
      const [found] = await explorer.neighbors(request, options)
      neighborsMatch &&= found.map(({ tokenId }) => tokenId).join() === expected.ids.join()
      all.push(...neighborDifferences(found, expected))
      step()
    }
    for (const expected of measurements) {
      const { substitutions } = expected
      const measurement = await explorer.measure({ inputIds, substitutions }, options)
      devices.set(measurement.provenance.device, measurement.provenance)
      all.push(...measurementDifferences(measurement, expected, logits))
      step()
    }
  }
  return { all, tokensMatch, neighborsMatch, devices }
}

/**
 * Times the forwards of the longest text. All are requested at once, so that no other measurement comes between them; a
 * forward's time is that between two answers, and the first one warms up.
 */
async function measureSpeed({ explorer, services, options, step }: Running, { cases }: DeviceReference) {
  const { inputIds } = cases.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))
  const inner = inputIds.length - 2
  const answered = await Promise.all(
    Array.from({ length: 1 + TIMED_FORWARDS }, async () => {
      const turn = timed++
      // Never takes the token itself, but its neighbour in the text, further away at each round over the text.
      const position = 1 + (turn % inner)
      const tokenId = inputIds[1 + ((turn + 1 + Math.floor(turn / inner)) % inner)]
      await explorer.measure({ inputIds, substitutions: [{ position, tokenId }] }, options)
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
    fail('device-lost', 'The device changed during the check.', { advice: 'Check again.' })
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

export type DeviceSlice = Pick<AppState, 'deviceCheck'> & DeviceActions

/**
 * Creates the state of "Check my device", which compares the browser and device with PyTorch.
 *
 * @param services absent if the page has no check
 */
export const createDeviceSlice =
  (services: DeviceServices | null): Slice<DeviceSlice> =>
  (set, get) => {
    const change = (changes: Partial<DeviceCheckState>) =>
      set(({ deviceCheck }) => ({ deviceCheck: { ...deviceCheck, ...changes } }))
    const task = createTask<DeviceProgress>(change)

    async function run({ signal, report }: TaskContext<DeviceProgress>): Promise<DeviceReport | null> {
      const { info, status } = get().model
      const explorer = services?.live()
      if (!services || !info || !explorer || status !== 'ready') {
        return fail('not-ready', 'The model is not open yet.')
      }
      const reference = parseDeviceReference(await services.fetchReference())
      if (reference.model.sha256 !== info.provenance.sha256) return null
      const total = stepsOf(reference)
      let done = 0
      report({ done, total })
      const step = () => {
        signal.throwIfAborted()
        report({ done: ++done, total })
      }
      return check({ explorer, services, options: { ...SOON, signal }, step }, reference)
    }

    return {
      deviceCheck: { ...NO_TASK, report: null, hasReference: true },
      checkDevice: async () => {
        if (task.running) return
        change({ hasReference: true })
        const end = await task.run(run)
        if (end.status === 'done') change(end.value ? { report: end.value } : { hasReference: false })
      },
      stopDeviceCheck: task.abort,
    }
  }

import {
  type DeviceReference,
  type DeviceReferenceCase,
  parseDeviceReference,
} from '../../core/device/deviceReference'
import {
  type Difference,
  largestDifferences,
  measurementDifferences,
  neighborDifferences,
  sameNeighbors,
  TRUSTED_DIFFERENCE,
} from '../../core/device/deviceReferenceDifference'
import type { ModelInfo, PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { fail } from '../../core/failure'
import { layerwiseDistances } from '../../core/measures/measurement'
import { NO_FILTERS } from '../../core/measures/neighbor'
import type { Provenance } from '../../core/session/provenance'
import { median } from '../../core/statistics/median'
import { inputIdsOf } from '../../core/text/token'
import type { AppState } from '../appState'
import type { Slice } from '../storeTypes'
import { createTask, NO_TASK, type TaskContext } from '../task'
import { type Asked, measureCase, planCases, plannedSteps } from './deviceCases'
import type {
  DeviceActions,
  DeviceCheckState,
  DeviceProgress,
  DeviceReport,
  DeviceSample,
  DeviceServices,
  DeviceSpeed,
} from './deviceCheckState'

/** Priority after the user's clicks, and before work in advance or over a corpus. */
const SOON: RequestOptions = { priority: 'soon' }

const TIMED_FORWARDS = 5
const TIMED_STEPS = 1 + TIMED_FORWARDS

/**
 * Number of timed forwards: each takes other substitutions, because a measurement that was made before comes from
 * memory.
 */
let timed = 0

interface Running {
  readonly model: ModelInfo
  /** Model that answers in the page. */
  readonly explorer: PrioritizedExplorer
  readonly services: DeviceServices
  readonly options: RequestOptions
  readonly signal: AbortSignal
  /** Says how many steps there are. */
  plan(total: number): void
  /** Counts a step; throws `cancelled` once the check was stopped. */
  step(): void
}

/** Holds what a comparison found. */
type Findings = Pick<
  DeviceReport,
  'provenance' | 'differences' | 'compared' | 'tokensMatch' | 'neighborsMatch' | 'trusted' | 'sample'
>

/** Measures cases with a model again, and compares every number. */
async function compareAll(
  { options, step }: Running,
  explorer: Asked,
  cases: readonly DeviceReferenceCase[],
): Promise<Findings> {
  const all: Difference[] = []
  const devices = new Map<string, Provenance>()
  let tokensMatch = true
  let neighborsMatch = true
  let sample: DeviceSample | null = null
  for (const { text, inputIds, logits, neighbors, measurements } of cases) {
    tokensMatch &&= inputIdsOf(await explorer.tokenize(text)).join() === inputIds.join()
    for (const expected of neighbors) {
      const k = expected.ids.length
      const request = { inputIds, positions: [expected.position], k, filters: NO_FILTERS }
      const [found] = await explorer.neighbors(request, options)
      neighborsMatch &&= sameNeighbors(found, expected)
      all.push(...neighborDifferences(found, expected))
      step()
    }
    for (const expected of measurements) {
      const { substitutions } = expected
      const measurement = await explorer.measure({ inputIds, substitutions }, options)
      devices.set(measurement.provenance.device, measurement.provenance)
      all.push(...measurementDifferences(measurement, expected, logits))
      const distances = layerwiseDistances(measurement).map(({ distance }) => distance)
      sample ??= { text, inputIds, substitutions, distances }
      step()
    }
  }
  const [provenance] = devices.values()
  if (devices.size !== 1 || !sample) {
    return fail('device-lost', 'The device changed during the check.', { advice: 'Check again.' })
  }
  const differences = largestDifferences(all)
  const close = differences.every(({ relative }) => relative < TRUSTED_DIFFERENCE)
  const trusted = close && tokensMatch && neighborsMatch
  return { provenance, differences, compared: all.length, tokensMatch, neighborsMatch, trusted, sample }
}

/**
 * Times the forwards of the longest text. All are requested at once, so that no other measurement comes between them; a
 * forward's time is that between two answers, and the first one warms up.
 */
async function measureSpeed(
  { services, options, step }: Running,
  explorer: Asked,
  cases: readonly DeviceReferenceCase[],
): Promise<DeviceSpeed> {
  const { inputIds } = cases.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))
  const inner = inputIds.length - 2
  const answered = await Promise.all(
    Array.from({ length: TIMED_STEPS }, async () => {
      const turn = timed++
      // Never takes the token itself, but its neighbour in the text, further away at each round over the text.
      const position = 1 + (turn % inner)
      const tokenId = inputIds[1 + ((turn + 1 + Math.floor(turn / inner)) % inner)]
      const { provenance } = await explorer.measure(
        { inputIds, substitutions: [{ position, tokenId }] },
        options,
      )
      const now = services.now()
      step()
      return { now, device: provenance.device }
    }),
  )
  const milliseconds = median(answered.slice(1).map(({ now }, i) => now - answered[i].now))
  return {
    device: answered[0].device,
    tokens: inputIds.length,
    forwards: TIMED_FORWARDS,
    milliseconds,
    tokensPerSecond: (1000 * inputIds.length) / milliseconds,
  }
}

/** Holds what a check found, apart from the surroundings. */
type Outcome = Findings & Pick<DeviceReport, 'against' | 'speeds'>

/** Compares the model that answers with what PyTorch measured. */
async function checkAgainstTorch(running: Running, reference: DeviceReference): Promise<Outcome> {
  const { cases, torch, transformers, model } = reference
  running.plan(cases.reduce((sum, one) => sum + one.neighbors.length + one.measurements.length, TIMED_STEPS))
  const findings = await compareAll(running, running.explorer, cases)
  const speed = await measureSpeed(running, running.explorer, cases)
  return { ...findings, against: { kind: 'pytorch', torch, transformers, model }, speeds: [speed] }
}

/** Measures a model of which PyTorch's numbers do not ship, and compares WebGPU with WASM where the browser has both. */
async function checkOtherDevice(running: Running): Promise<Outcome> {
  const { explorer, services, options, signal, step } = running
  const other = await services.otherDevice(signal)
  try {
    const planned = await planCases(explorer)
    if (planned.length === 0)
      return fail('invalid-request', 'This model cuts the texts of the check into no token.')
    const models = other ? [explorer, other.explorer] : [explorer]
    running.plan(models.length * (plannedSteps(planned) + TIMED_STEPS))
    // WASM is the yardstick wherever it runs: its arithmetic is the same in every browser, a driver's is not.
    const wasm = other && !other.onGpu ? other.explorer : explorer
    const cases: DeviceReferenceCase[] = []
    for (const one of planned) cases.push(await measureCase(wasm, one, options, step))
    const speeds: DeviceSpeed[] = []
    for (const model of models) speeds.push(await measureSpeed(running, model, cases))
    if (!other) return alone(cases, running.model.provenance, speeds)
    const findings = await compareAll(running, other.onGpu ? other.explorer : explorer, cases)
    const { device } = speeds[other.onGpu ? 0 : 1]
    return { ...findings, against: { kind: 'wasm', device }, speeds }
  } finally {
    other?.end()
  }
}

/** Returns the outcome where there is nothing to compare with. */
function alone(
  [{ text, inputIds, measurements }]: readonly DeviceReferenceCase[],
  provenance: Provenance,
  speeds: readonly DeviceSpeed[],
): Outcome {
  const [{ substitutions, distances }] = measurements
  return {
    provenance,
    against: null,
    differences: [],
    compared: 0,
    tokensMatch: true,
    neighborsMatch: true,
    trusted: false,
    sample: { text, inputIds, substitutions, distances },
    speeds,
  }
}

async function check(running: Running): Promise<DeviceReport> {
  const { services, model } = running
  const reference = parseDeviceReference(await services.fetchReference())
  const outcome =
    reference.model.sha256 === model.provenance.sha256
      ? await checkAgainstTorch(running, reference)
      : await checkOtherDevice(running)
  const found = await services.adapter()
  return {
    ...outcome,
    model,
    adapter: found && (found.fallback ? `${found.name} (software)` : found.name),
    browser: services.browser,
    cores: services.cores,
    isolated: services.isolated,
    checkedAt: new Date().toISOString(),
  }
}

export type DeviceSlice = Pick<AppState, 'deviceCheck'> & DeviceActions

/**
 * Creates the state of "Check my device", which compares the browser and device with PyTorch, or its two devices with
 * each other.
 *
 * @param services absent if the page has no check
 */
export const createDeviceSlice =
  (services: DeviceServices | null): Slice<DeviceSlice> =>
  (set, get) => {
    const change = (changes: Partial<DeviceCheckState>) =>
      set(({ deviceCheck }) => ({ deviceCheck: { ...deviceCheck, ...changes } }))
    const task = createTask<DeviceProgress>(change)

    async function run({ signal, report }: TaskContext<DeviceProgress>): Promise<DeviceReport> {
      const { info, status } = get().model
      const explorer = services?.live()
      if (!services || !info || !explorer || status !== 'ready') {
        return fail('not-ready', 'The model is not open yet.')
      }
      let done = 0
      let total = 0
      const plan = (steps: number) => {
        total = steps
        report({ done, total })
      }
      const step = () => {
        signal.throwIfAborted()
        report({ done: ++done, total })
      }
      return check({ model: info, explorer, services, options: { ...SOON, signal }, signal, plan, step })
    }

    return {
      deviceCheck: { ...NO_TASK, report: null },
      checkDevice: async () => {
        if (task.running) return
        const end = await task.run(run)
        if (end.status === 'done') change({ report: end.value })
      },
      stopDeviceCheck: task.abort,
    }
  }

import type { Difference } from '../../core/device/deviceReferenceDifference'
import type { ModelInfo, PrioritizedExplorer } from '../../core/explorer'
import type { Substitution } from '../../core/measures/substitution'
import type { Provenance } from '../../core/session/provenance'
import type { TaskState } from '../task'
import type { Asked } from './deviceCases'

/** Holds the open model opened once more, on the device that does not answer now. */
export interface OtherDeviceModel {
  readonly explorer: Asked
  /** True if it runs on WebGPU, and the one that answers on WASM. */
  readonly onGpu: boolean
  /** Ends it and frees its memory. */
  end(): void
}

/** Lists the services that the check needs apart from the store. */
export interface DeviceServices {
  /** Returns the open model; null while there is none. */
  live(): PrioritizedExplorer | null
  /** Opens the model once more on the other device; null if this browser has no other. */
  otherDevice(signal: AbortSignal): Promise<OtherDeviceModel | null>
  /** Returns the WebGPU adapter that the browser offers; null if there is none. */
  adapter(): Promise<{ readonly name: string; readonly fallback: boolean } | null>
  /** Fetches the parsed JSON of `reference/built-in.json`. */
  fetchReference(): Promise<unknown>
  readonly browser: string
  readonly cores: number
  /** True if the page is cross-origin isolated: only then may WASM use threads. */
  readonly isolated: boolean
  now(): number
}

/** Names what a device was compared with: PyTorch, or WASM where no reference ships for the model. */
export type Yardstick =
  | {
      readonly kind: 'pytorch'
      readonly torch: string
      readonly transformers: string
      readonly model: { readonly id: string; readonly sha256: string }
    }
  | { readonly kind: 'wasm'; readonly device: string }

export interface DeviceSpeed {
  readonly device: string
  /** Number of tokens of the text whose forwards were timed. */
  readonly tokens: number
  readonly forwards: number
  /** Median over the forwards, ms. */
  readonly milliseconds: number
  readonly tokensPerSecond: number
}

/** Holds a measured change, for a program that measures it again. */
export interface DeviceSample {
  readonly text: string
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  /** D_l, l = 0..L, by the checked device. */
  readonly distances: readonly number[]
}

export interface DeviceReport {
  readonly model: ModelInfo
  /** Provenance of the checked answers: model and device. */
  readonly provenance: Provenance
  /** null where there was nothing to compare with: no reference for this model, and no second device. */
  readonly against: Yardstick | null
  /** Largest difference of each measure; none where there was nothing to compare with. */
  readonly differences: readonly Difference[]
  readonly compared: number
  /** True if all texts were cut into the same tokens, and all neighbours are the same, in their order. */
  readonly tokensMatch: boolean
  readonly neighborsMatch: boolean
  /** True if every difference is below the limit, and tokens and neighbours are the same. */
  readonly trusted: boolean
  /** The device that answers first, then the other one. */
  readonly speeds: readonly DeviceSpeed[]
  readonly sample: DeviceSample
  readonly adapter: string | null
  readonly browser: string
  readonly cores: number
  readonly isolated: boolean
  /** Time of the check, ISO 8601. */
  readonly checkedAt: string
}

/** Counts the measurements of a check; 0 of 0 while it fetches its reference or opens the second device. */
export interface DeviceProgress {
  readonly done: number
  readonly total: number
}

export interface DeviceCheckState extends TaskState<DeviceProgress> {
  /** Report of the last check that finished. */
  readonly report: DeviceReport | null
}

export interface DeviceActions {
  /**
   * Measures a few texts with the open model and compares them: with PyTorch's reference where it ships, else WebGPU
   * with WASM. Does nothing while a check is under way.
   */
  checkDevice(): Promise<void>
  /** Ends the check; a former report stays. */
  stopDeviceCheck(): void
}

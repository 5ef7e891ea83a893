import type { Difference } from '../../core/device/deviceReferenceDifference'
import type { PrioritizedExplorer } from '../../core/explorer'
import type { Provenance } from '../../core/session/provenance'
import type { TaskState } from '../task'

/** Lists the services that the check needs apart from the store. */
export interface DeviceServices {
  /** Returns the open model; null while there is none. */
  live(): PrioritizedExplorer | null
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

export interface DeviceReport {
  /** Provenance of the answers: model and device. */
  readonly provenance: Provenance
  /** Largest difference from PyTorch of each measure. */
  readonly differences: readonly Difference[]
  readonly compared: number
  /** True if all texts were cut into PyTorch's tokens, and all neighbours are PyTorch's, in its order. */
  readonly tokensMatch: boolean
  readonly neighborsMatch: boolean
  /** True if every difference is below the limit, and tokens and neighbours are the same. */
  readonly trusted: boolean
  readonly speed: {
    /** Number of tokens of the text whose forwards were timed. */
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
  /** Time of the check, ISO 8601. */
  readonly checkedAt: string
}

/** Counts the measurements of a check; 0 of 0 while it fetches its reference. */
export interface DeviceProgress {
  readonly done: number
  readonly total: number
}

export interface DeviceCheckState extends TaskState<DeviceProgress> {
  /** Report of the last check that finished. */
  readonly report: DeviceReport | null
  /** True if the page has a reference for the model that was to be checked last. */
  readonly hasReference: boolean
}

export interface DeviceActions {
  /** Measures the reference with the open model; does nothing while a check is under way. */
  checkDevice(): Promise<void>
  /** Ends the check; a former report stays. */
  stopDeviceCheck(): void
}

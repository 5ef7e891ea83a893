import type { Difference } from '../core/deviceReferenceDifference'
import type { PrioritizedExplorer } from '../core/explorer'
import type { Provenance } from '../core/provenance'
import type { TaskState } from './task'

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

/** Measurements that a check takes; 0 of 0 while it fetches its reference. */
export interface DeviceProgress {
  readonly done: number
  readonly total: number
}

export interface DeviceCheckState extends TaskState<DeviceProgress> {
  /** Of the last check that came to its end. */
  readonly report: DeviceReport | null
  /** Whether the page has a reference for the model that was to be checked last. */
  readonly hasReference: boolean
}

export interface DeviceActions {
  /** Measures the reference with the open model; does nothing while a check is under way. */
  checkDevice(): Promise<void>
  /** Ends the check; a former report stays. */
  stopDeviceCheck(): void
}

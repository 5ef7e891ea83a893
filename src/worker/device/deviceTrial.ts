import type { Explorer, ModelInfo, ModelSource } from '../../core/explorer'
import { FailureError, failureOf } from '../../core/failure'
import { compareDevices } from './deviceCheck'
import type { DeviceChoice } from './deviceMemory'
import { comparisonNote, notRun } from './deviceNotes'

type Compared = Pick<Explorer, 'tokenize' | 'measure'>

export interface DeviceTrial {
  readonly source: ModelSource
  /** Model on the other device, not loaded yet; the caller ends its worker. */
  readonly candidate: Compared & Pick<Explorer, 'load'>
  /** Model that answers meanwhile. */
  readonly present: Compared
  /** Name of the adapter. */
  readonly adapter: string
  /** Interrupts the trial. */
  readonly signal: AbortSignal
  /** Returns the time, ms. */
  now(): number
}

export interface DeviceTrialEnd {
  readonly choice: DeviceChoice
  /** true if the device was measured, or said itself that it cannot run the model: only this may be remembered. */
  readonly finished: boolean
  /** Description of the candidate where it was chosen. */
  readonly info: ModelInfo | null
}

/**
 * Opens a model on another device and compares it with the one that answers.
 *
 * @returns null where it was interrupted: nothing was learned about the device
 */
export async function tryDevice(trial: DeviceTrial): Promise<DeviceTrialEnd | null> {
  const { candidate, present, adapter, signal } = trial
  const lost = new AbortController()
  const interrupted = AbortSignal.any([signal, lost.signal])
  /** Stops the trial at a failure of the model that answers: it says nothing about the candidate. */
  const ofPresent = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked
    } catch (thrown) {
      lost.abort(new FailureError(failureOf(thrown)))
      throw thrown
    }
  }
  try {
    const info = await candidate.load(trial.source)
    const behind: Compared = {
      tokenize: (text) => ofPresent(present.tokenize(text)),
      measure: (request) => ofPresent(present.measure(request)),
    }
    const comparison = await compareDevices(behind, candidate, trial.now)
    const note = comparisonNote(adapter, comparison)
    const choice: DeviceChoice = { provider: comparison.chosen ? 'webgpu' : 'wasm', note }
    return interrupted.aborted ? null : { choice, finished: true, info: comparison.chosen ? info : null }
  } catch (thrown) {
    if (interrupted.aborted) return null
    const failure = failureOf(thrown)
    const choice: DeviceChoice = { provider: 'wasm', note: notRun(adapter, failure) }
    return { choice, finished: failure.kind === 'device-lost', info: null }
  }
}

import type { Failure } from '../../core/failure'
import type { DeviceComparison } from './deviceCheck'

export const KEPT = 'Your text and pins are kept.'

export const NO_ADAPTER = 'This browser offers no WebGPU adapter: WASM is used.'
export const GPU_LOST = 'The WebGPU device was lost: WASM took over.'

export const notOpened = ({ message }: Failure) =>
  `WebGPU could not open this model (${message}): WASM is used.`

export const notRun = (adapter: string, { message }: Failure) =>
  `WebGPU (${adapter}) could not run this model (${message}): WASM is used.`

/** Says in sentences what the measuring of devices found. */
export function comparisonNote(
  adapter: string,
  { difference, timeRatio, agrees, chosen }: DeviceComparison,
): string {
  const found = `WebGPU (${adapter}) differed by at most ${difference.toExponential(1)} and took ${timeRatio.toFixed(2)} of WASM's time`
  if (!agrees) return `${found}: its numbers are not WASM's, so WASM is used.`
  return chosen ? `${found}: WebGPU is used.` : `${found}: WASM is used.`
}

/** Returns the message once another device or worker has replaced what was lost. */
export function replacedFailure({ kind, message }: Failure): Failure {
  const again = 'and what was asked is measured again.'
  if (kind === 'device-lost') {
    const advice = `WASM took over, ${again}`
    return { kind, message: 'The WebGPU device was lost.', kept: KEPT, advice }
  }
  return { kind, message, kept: KEPT, advice: `It was started again, ${again}` }
}

import type { CheckedMeasure } from '../../core/device/deviceReferenceDifference'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import type { DeviceReport } from './deviceCheckState'

export const MEASURE_NAMES: Readonly<Record<CheckedMeasure, string>> = {
  distance: 'Distance by layer, D_l',
  shift: 'Embedding shift',
  cosine: 'Cosine of neighbours',
  logit: 'Logits',
}

const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:A|iOS)?\/([\d.]+)/],
  ['Opera', /\bOPR\/([\d.]+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/([\d.]+)/],
  ['Safari', /\bVersion\/([\d.]+).*\bSafari\//],
]

/** Returns `Firefox 142.0` from a user agent; all of it if it names no known browser. */
export function browserName(userAgent: string): string {
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1]
    if (version) return `${name} ${version.split('.').slice(0, 2).join('.')}`
  }
  return userAgent
}

/** Returns `at most 2.1e-6`; differences that are not numbers are infinite. */
export function differenceInWords(relative: number): string {
  return Number.isFinite(relative) ? relative.toExponential(2) : 'no number'
}

/** Describes in one sentence how the speed was measured. */
export function speedInWords({ speed }: DeviceReport): string {
  const { tokens, forwards, milliseconds } = speed
  return `Median of ${forwards} forwards of a text of ${tokens} tokens, ${milliseconds.toFixed(1)} ms each, one after the other, the way from the worker included`
}

export function threadsInWords({ cores, isolated }: Pick<DeviceReport, 'cores' | 'isolated'>): string {
  return isolated
    ? `${cores} logical cores; WASM may use threads`
    : `${cores} logical cores; WASM has one thread, for this host sends no COOP and COEP headers`
}

/** Returns the whole report as plain text, for a bug report. */
export function deviceReportText(report: DeviceReport): string {
  const { provenance, differences, speed, tokensMatch, neighborsMatch, reference } = report
  const line = (name: string, value: string) => `${name}: ${value}`
  return `${[
    `Ripplescope ${__APP_VERSION__}, device check of ${report.checkedAt}`,
    line(
      'Verdict',
      report.trusted ? 'the numbers are those of PyTorch' : 'THE NUMBERS ARE NOT THOSE OF PYTORCH',
    ),
    line('Limit', `relative difference below ${TRUSTED_DIFFERENCE.toExponential(0)}`),
    ...differences.map(({ measure, relative, actual, expected }) =>
      line(
        `Largest relative difference, ${MEASURE_NAMES[measure]}`,
        `${differenceInWords(relative)} (${actual} here, ${expected} in PyTorch)`,
      ),
    ),
    line('Numbers compared', `${report.compared}`),
    line('Tokens', tokensMatch ? 'the same' : 'DIFFERENT'),
    line('Nearest neighbours and their order', neighborsMatch ? 'the same' : 'DIFFERENT'),
    line('Speed', `${Math.round(speed.tokensPerSecond)} tokens per second. ${speedInWords(report)}`),
    line('Device', provenance.device),
    line('Model', `${provenance.modelId}, ${provenance.precision}, sha256 ${provenance.sha256}`),
    line('Reference', `PyTorch ${report.torch}, transformers ${report.transformers}, ${reference.id}`),
    line('WebGPU adapter', report.adapter ?? 'none offered'),
    line('Threads', threadsInWords(report)),
    line('Browser', report.browser),
  ].join('\n')}\n`
}

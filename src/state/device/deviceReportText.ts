import type { CheckedMeasure } from '../../core/device/deviceReferenceDifference'
import { TRUSTED_DIFFERENCE } from '../../core/device/deviceReferenceDifference'
import { hasPython } from '../../core/exports/pythonModel'
import { pythonSnippet } from '../../core/exports/pythonSnippet'
import type { DeviceReport, DeviceSpeed, Yardstick } from './deviceCheckState'

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

/** Describes in one sentence how a speed was measured. */
export function speedInWords({ tokens, forwards, milliseconds }: DeviceSpeed): string {
  return `Median of ${forwards} forwards of a text of ${tokens} tokens, ${milliseconds.toFixed(1)} ms each, one after the other, the way from the worker included`
}

/** Returns whose numbers a report compared with: `PyTorch`, `WASM × 2`. */
export const yardstickName = (against: Yardstick) => (against.kind === 'pytorch' ? 'PyTorch' : against.device)

function verdict({ against, trusted }: DeviceReport): string {
  if (!against) return 'nothing to compare with: no second device, and no reference for this model'
  const name = yardstickName(against)
  return trusted ? `the numbers are those of ${name}` : `THE NUMBERS ARE NOT THOSE OF ${name.toUpperCase()}`
}

function yardstick(against: Yardstick | null): string {
  if (!against) return 'none'
  if (against.kind === 'wasm') return `${against.device}, in this browser`
  return `PyTorch ${against.torch}, transformers ${against.transformers}, ${against.model.id}`
}

/** Returns a program that measures a report's first change with PyTorch and compares; null where there can be none. */
export function deviceProgram({ model, sample }: DeviceReport): string | null {
  return hasPython(model) ? pythonSnippet({ model, ...sample, place: null }) : null
}

export function threadsInWords({ cores, isolated }: Pick<DeviceReport, 'cores' | 'isolated'>): string {
  return isolated
    ? `${cores} logical cores; WASM may use threads`
    : `${cores} logical cores; WASM has one thread, for this host sends no COOP and COEP headers`
}

/** Returns the whole report as plain text, for a bug report. */
export function deviceReportText(report: DeviceReport): string {
  const { provenance, against, differences, speeds } = report
  const line = (name: string, value: string) => `${name}: ${value}`
  const same = (found: boolean) => (found ? 'the same' : 'DIFFERENT')
  const compared = against && [
    line('Limit', `relative difference below ${TRUSTED_DIFFERENCE.toExponential(0)}`),
    ...differences.map(({ measure, relative, actual, expected }) =>
      line(
        `Largest relative difference, ${MEASURE_NAMES[measure]}`,
        `${differenceInWords(relative)} (${actual} here, ${expected} by ${yardstickName(against)})`,
      ),
    ),
    line('Numbers compared', `${report.compared}`),
    line('Tokens', same(report.tokensMatch)),
    line('Nearest neighbours and their order', same(report.neighborsMatch)),
  ]
  return `${[
    `Ripplescope ${__APP_VERSION__}, device check of ${report.checkedAt}`,
    line('Verdict', verdict(report)),
    ...(compared ?? []),
    ...speeds.map((speed) =>
      line(
        `Speed, ${speed.device}`,
        `${Math.round(speed.tokensPerSecond)} tokens per second. ${speedInWords(speed)}`,
      ),
    ),
    line('Device', provenance.device),
    line('Model', `${provenance.modelId}, ${provenance.precision}, sha256 ${provenance.sha256}`),
    line('Reference', yardstick(against)),
    line('WebGPU adapter', report.adapter ?? 'none offered'),
    line('Threads', threadsInWords(report)),
    line('Browser', report.browser),
  ].join('\n')}\n`
}

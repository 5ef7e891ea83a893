import { type LayerDistance, layerwiseDistances, type Measurement } from '../../core/measures/measurement'
import { type PredictionChange, predictionChange, predictionKind } from '../../core/measures/prediction'
import { substitutionsKey } from '../../core/measures/substitution'
import type { Provenance } from '../../core/session/provenance'
import type { AppState, PinnedChange } from '../appState'
import { memoize, memoizeSides } from '../memoize'
import { isOfChange, type MeasuredChange } from '../results'
import { findPin, nextPinColor } from '../session/sessionEdits'
import { activeSubstitutions } from '../side/activeSubstitutions'
import { OWN } from '../side/side'
import { isModelOpen, modelInfo } from '../side/sideModel'
import { currentTokens, sideText } from '../side/sideTokens'
import { substitutionsLabel } from './tokenNames'

/** Returns the model's answer in a measurement, with labels `LABEL_i` while the model's are not known. */
export function predictionOf(
  state: AppState,
  measurement: Measurement | null,
  side = OWN,
): PredictionChange | null {
  const logits = measurement?.logits
  if (!logits) return null
  const count = logits.before.length
  const labels = modelInfo(state, side)?.labels
  return predictionChange(
    labels?.length === count ? labels : Array.from({ length: count }, (_, i) => `LABEL_${i}`),
    logits,
    predictionKind(modelInfo(state, side)),
  )
}

/** D_l of each measurement, computed once. */
const distancesOf = new WeakMap<Measurement, readonly LayerDistance[]>()

export function layerDistances(measurement: Measurement): readonly LayerDistance[] {
  const known = distancesOf.get(measurement)
  if (known) return known
  const distances = layerwiseDistances(measurement)
  distancesOf.set(measurement, distances)
  return distances
}

/** Returns the measurement of the present change with its text; null while it is being measured. */
export function activeChange(state: AppState, side = OWN): MeasuredChange | null {
  const { value } = state.sides[side].measurement
  if (!value) return null
  const { tokenized, measurement } = value
  const { substitutions } = measurement
  return isOfChange(
    { tokenized, substitutions },
    currentTokens(state, side),
    activeSubstitutions(state, side),
  )
    ? value
    : null
}

/** Returns the measurement of exactly the present substitutions; null while it is being made. */
export function activeMeasurement(state: AppState, side = OWN): Measurement | null {
  return activeChange(state, side)?.measurement ?? null
}

/** Says whether the present change is being measured by a model that is open. */
export function isMeasuring(state: AppState, side = OWN): boolean {
  return (
    isModelOpen(state, side) &&
    (sideText(state, side) ?? '').trim() !== '' &&
    state.sides[side].measurement.status !== 'error' &&
    activeMeasurement(state, side) === null &&
    activeSubstitutions(state, side)?.length !== 0
  )
}

export function activeDistances(state: AppState, side = OWN): readonly LayerDistance[] | null {
  const measurement = activeMeasurement(state, side)
  return measurement && layerDistances(measurement)
}

/** Returns the model's answer before and after; both are the same if nothing is substituted. */
export const activePrediction = memoizeSides(
  (state: AppState, side) => [activeMeasurement(state, side), modelInfo(state, side)],
  (state, side): PredictionChange | null => predictionOf(state, activeMeasurement(state, side), side),
)

/** Quantities of each layer that a layer curve can show. */
export const QUANTITIES = ['distance', 'relative', 'own', 'cosine'] as const

export type Quantity = (typeof QUANTITIES)[number]

/**
 * Returns a quantity of a layer, with `cosine` as the distance 1 - cosine, so that every quantity is 0 for no change.
 */
export function quantityOf(layer: LayerDistance, quantity: Quantity): number {
  return quantity === 'cosine' ? 1 - layer.cosine : layer[quantity]
}

/** Holds one line of the layer curve. */
export interface ComparisonSeries {
  readonly id: string
  readonly label: string
  /** Index of its colour, 0..7. */
  readonly color: number
  /** Index in `session.pins`; null for the active change only. */
  readonly pin: number | null
  /** True for the present substitutions. */
  readonly active: boolean
  readonly distances: readonly LayerDistance[]
  readonly provenance: Provenance
}

function pinSeries(state: AppState, { pin, tokenized, measurement }: PinnedChange): ComparisonSeries | null {
  const index = state.session.pins.indexOf(pin)
  const { value } = measurement
  if (index < 0 || !value) return null
  return {
    id: `pin-${pin.color}-${substitutionsKey(pin.substitutions)}-${pin.text}`,
    label: substitutionsLabel(state, tokenized, pin.substitutions),
    color: pin.color,
    pin: index,
    active: false,
    distances: layerDistances(value),
    provenance: value.provenance,
  }
}

function buildSeries(state: AppState): readonly ComparisonSeries[] {
  const { session, pinned } = state
  const pins = pinned.flatMap((one) => pinSeries(state, one) ?? [])
  const measurement = activeMeasurement(state)
  if (!measurement || measurement.substitutions.length === 0) return pins
  const { substitutions } = measurement
  const index = findPin(session.pins, session.text, substitutions)
  if (pins.some(({ pin }) => pin === index)) {
    return pins.map((series) => ({ ...series, active: series.pin === index }))
  }
  const active: ComparisonSeries = {
    id: `active-${substitutionsKey(substitutions)}`,
    label: substitutionsLabel(state, currentTokens(state), activeSubstitutions(state) ?? []),
    color: session.pins[index]?.color ?? nextPinColor(session.pins),
    pin: index < 0 ? null : index,
    active: true,
    distances: layerDistances(measurement),
    provenance: measurement.provenance,
  }
  return [active, ...pins]
}

/**
 * Returns the present change and the pins, each with its label and colour; a change that is also pinned appears once.
 */
export const comparisonSeries = memoize(
  (state: AppState) => [
    state.session.pins,
    state.pinned,
    activeMeasurement(state),
    activeSubstitutions(state),
    state.model.vocabulary,
  ],
  buildSeries,
)

import type { PatchDirection } from '../../core/measures/patching'
import type { SweepShape } from '../../core/measures/patchSweep'
import { type Substitution, substitutionsKey } from '../../core/measures/substitution'
import type { TokenizedText } from '../../core/text/token'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { idsOf, isOfChange, type PatchedChange } from '../results'
import { activeSubstitutions } from '../side/activeSubstitutions'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { activeChange } from './comparisonSelectors'
import { languageModelHead, predictionPlace } from './predictionPlaces'

/** Holds a change whose states can be put from one run into the other. */
export interface PatchSubject {
  /** Name of the change with its model, direction and place. */
  readonly key: string
  readonly tokenized: TokenizedText
  readonly substitutions: readonly Substitution[]
  readonly direction: PatchDirection
  readonly place: number | null
  readonly shape: Omit<SweepShape, 'visible'>
}

/** Returns the direction that the ripple or the curve shows. */
const directionOf = ({ session }: AppState): PatchDirection =>
  session.ripple === 'transferred' ? 'insert' : 'restore'

/** Says whether shares of the effect are on screen. */
export const showsShares = ({ session }: AppState): boolean =>
  session.ripple !== 'distance' || session.curve === 'carried'

/** Returns the present change, once its distances are measured; null before, or if nothing is changed. */
export const patchSubject = memoizeSides(
  (state: AppState, side) => [
    activeChange(state, side),
    modelInfo(state, side),
    directionOf(state),
    predictionPlace(state, side),
  ],
  (state, side): PatchSubject | null => {
    const change = activeChange(state, side)
    const info = modelInfo(state, side)
    if (!change || !info || change.measurement.substitutions.length === 0) return null
    const { tokenized, measurement } = change
    const { substitutions, layers, positions, distances } = measurement
    const direction = directionOf(state)
    const place = predictionPlace(state, side)?.position ?? null
    const own = substitutions.map(({ position }) => position)
    const isLast = info.details?.causal === true
    const read = languageModelHead(state, side) ? place : isLast ? positions - 1 : 0
    return {
      key: [
        info.provenance.sha256,
        direction,
        place,
        substitutionsKey(substitutions),
        idsOf(tokenized).join(','),
      ].join('|'),
      tokenized,
      substitutions,
      direction,
      place,
      shape: { layers, positions, own, read, distances },
    }
  },
)

/** Returns the patched runs of exactly the present change, direction and place, as far as they are known. */
export function activePatches(state: AppState, side = OWN): PatchedChange | null {
  const { value } = state.sides[side].patches
  const present =
    value &&
    isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side)) &&
    value.direction === directionOf(state) &&
    value.place === (predictionPlace(state, side)?.position ?? null)
  return present ? value : null
}

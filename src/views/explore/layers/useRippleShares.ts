import { useCallback, useMemo } from 'react'
import type { Measurement } from '../../../core/measures/measurement'
import type { TokenizedText } from '../../../core/text/token'
import { effectShares, type Shares } from '../../../state/explore/patchSelectors'
import { isOfChange } from '../../../state/results'
import { useActions } from '../../appContext'
import { useSide, useSideStore } from '../../side'

/** Holds what the ripple map draws of shares of an effect. */
interface DrawnShares {
  /** Shares of the change that is drawn; null before any is known. */
  readonly known: Shares | null
  /** [L+1, n]; NaN where nothing is known. */
  readonly cells: Float32Array
  readonly map: {
    readonly marked: { readonly layer: number; readonly position: number } | null
    readonly onSelect: (position: number, layer: number) => void
  }
}

/** Returns the shares of the change that is drawn, which may be the former one; null where they are not shown. */
export function useRippleShares(
  wanted: boolean,
  tokenized: TokenizedText | null,
  measurement: Measurement | null,
): DrawnShares | null {
  const shares = useSideStore(effectShares)
  const marked = useSideStore((state, side) => state.sides[side].wanted.cell)
  const side = useSide()
  const { patchCell } = useActions()
  const onSelect = useCallback(
    (position: number, layer: number) => patchCell({ layer, position }, side),
    [patchCell, side],
  )
  const nothing = useMemo(
    () => new Float32Array(measurement?.distances.length ?? 0).fill(Number.NaN),
    [measurement],
  )
  if (!wanted || !measurement) return null
  const known = shares && isOfChange(shares.change, tokenized, measurement.substitutions) ? shares : null
  return { known, cells: known?.cells ?? nothing, map: { marked, onSelect } }
}

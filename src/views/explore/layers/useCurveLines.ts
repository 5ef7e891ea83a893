import { useMemo } from 'react'
import { formatDecimals } from '../../../charts/formatNumber'
import type { CurveSeries, LayerCurveProps } from '../../../charts/line/LayerCurve'
import { LAYER_PARTS, type LayerPart } from '../../../core/measures/patchSweep'
import type { Curve } from '../../../core/session/session'
import { bareText } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'
import type { AppState } from '../../../state/appState'
import { sideNames } from '../../../state/compare/compareSelectors'
import { sidesCsv } from '../../../state/compare/sidesCsv'
import { effectShares, type Shares, sharesTable } from '../../../state/explore/patchSelectors'
import { activeLayerAnswers, layerAnswersTable } from '../../../state/explore/questions/exploreLayerAnswers'
import { activeMeasurement, describeProvenance, pieceKind } from '../../../state/selectors'
import { OTHER, OWN } from '../../../state/side/side'
import { isCompared } from '../../../state/side/sideModel'
import { useAppStore } from '../../appContext'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'
import { formatShare } from './RippleShares'

/** Names the curves that are no distance. */
export type AnswerCurve = Extract<Curve, 'answer' | 'carried'>

/** Holds the lines of a curve that is no distance, and its words. */
export interface CurveLines {
  readonly series: readonly CurveSeries[]
  readonly stale: boolean
  readonly heading: string
  readonly subtitle: string
  readonly label: string
  readonly scale: LayerCurveProps['scale']
  readonly format: (value: number) => string
  /** Sentence on how to read the lines. */
  readonly note: string
  readonly csv: (state: AppState) => string | null
  readonly source: (state: AppState) => string | null
}

const COLORS = 8

/** Returns what the sides' numbers are from. */
function source(state: AppState): string | null {
  const found = [OWN, OTHER].flatMap((side) => activeMeasurement(state, side)?.provenance ?? [])
  return found.length === 0 ? null : [...new Set(found.map(describeProvenance))].join('. The second side: ')
}

/** Returns the lines of what the head answers to each layer, before and after, of one side or of two. */
export function useAnswerLines(): CurveLines {
  const measuring = useMeasuring()
  const asking = useAppStore((state) => state.sides[OWN].layerAnswers.status === 'loading')
  const own = useSteady(
    useAppStore((state) => activeLayerAnswers(state)),
    measuring || asking,
  )
  const other = useAppStore((state) => (isCompared(state) ? activeLayerAnswers(state, OTHER) : null))
  const names = useAppStore(sideNames)
  const series = useMemo(
    () =>
      [own.shown, other].flatMap((lines, side): CurveSeries[] => {
        if (!lines) return []
        const of = other ? `${names[side]}: ${lines.of}` : lines.of
        const line = (when: 'before' | 'after', color: number) => ({
          id: `${side}-${when}`,
          label: `${of} ${when}`,
          color: (color + 2 * side) % COLORS,
          active: side === OWN && when === 'after',
          dashed: side !== OWN,
          values: lines[when],
        })
        return [line('before', 1), line('after', 0)]
      }),
    [own.shown, other, names],
  )
  const probability = own.shown?.probability ?? true
  const of = own.shown && !other ? ` of ${own.shown.of}` : ''
  return {
    series,
    stale: own.stale,
    heading: 'Answer by layer',
    subtitle: 'what the head answers to each layer’s states',
    label: `${probability ? 'probability' : 'score'}${of}, the head over h_l`,
    scale: probability ? 'share' : 'value',
    format: (value) => formatDecimals(value, probability ? 4 : 3),
    note: 'The head was trained for the last layer only: below it, this shows what can already be read from the states, not what the model would answer (logit lens).',
    csv: (state) => sidesCsv(state, layerAnswersTable),
    source,
  }
}

/** Returns the words of the parts of a layer. */
function partNames({ subject }: Shares, kind: PieceKind): Record<LayerPart, string> {
  const { own, read } = subject.shape
  const text = (position: number) => bareText(subject.tokenized.tokens[position]?.text ?? '', kind)
  return {
    own: own.length === 1 ? `“${text(own[0])}” alone` : 'the changed tokens',
    others: own.length === 1 ? `all but “${text(own[0])}”` : 'all other tokens',
    read: read === null ? '' : `${text(read)} alone`,
  }
}

/** Returns the lines of the share of the effect that parts of each layer carry, of one side or of two. */
export function useCarriedLines(): CurveLines {
  const { shown, stale } = useSteady(
    useAppStore((state) => effectShares(state)),
    useMeasuring(),
  )
  const other = useAppStore((state) => (isCompared(state) ? effectShares(state, OTHER) : null))
  const ownKind = useAppStore((state) => pieceKind(state))
  const otherKind = useAppStore((state) => pieceKind(state, OTHER))
  const names = useAppStore(sideNames)
  const transferred = useAppStore((state) => state.session.ripple === 'transferred')
  const series = useMemo(
    () =>
      [shown, other].flatMap((shares, side): CurveSeries[] => {
        if (!shares) return []
        const parts = partNames(shares, side === OWN ? ownKind : otherKind)
        return LAYER_PARTS.map((part, i) => ({
          id: `${side}-${part}`,
          label: other ? `${names[side]}: ${parts[part]}` : parts[part],
          color: (2 * i + side) % COLORS,
          active: side === OWN && part === 'own',
          dashed: side !== OWN,
          values: shares.parts[part],
        })).filter(({ values }) => values.some(Number.isFinite))
      }),
    [shown, other, ownKind, otherKind, names],
  )
  return {
    series,
    stale,
    heading: 'Effect by layer',
    subtitle: 'which part of each layer carries the change to the answer',
    label: transferred ? 'share of the effect made' : 'share of the effect undone',
    scale: series.every(({ values }) => values.every((value) => !(value < 0 || value > 1)))
      ? 'share'
      : 'value',
    format: formatShare,
    note: 'All states of a layer together carry the whole effect: its parts show where it is (activation patching).',
    csv: (state) => sidesCsv(state, sharesTable),
    source,
  }
}

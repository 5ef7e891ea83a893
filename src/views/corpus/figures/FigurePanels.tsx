import { useMemo } from 'react'
import { CausalChart } from '../../../charts/corpus/CausalChart'
import { EffectChart } from '../../../charts/corpus/EffectChart'
import { FrequencyBars } from '../../../charts/corpus/FrequencyBars'
import { IdentifiabilityChart } from '../../../charts/corpus/IdentifiabilityChart'
import { LearnedChart } from '../../../charts/corpus/LearnedChart'
import { PairsChart } from '../../../charts/corpus/PairsChart'
import { PerturbationsChart } from '../../../charts/corpus/PerturbationsChart'
import { PropagationChart } from '../../../charts/corpus/PropagationChart'
import { ProxiesChart } from '../../../charts/corpus/ProxiesChart'
import { formatNumber } from '../../../charts/formatNumber'
import { effectUnit } from '../../../core/corpus/figures/claims'
import type { EffectFigure } from '../../../core/corpus/figures/figures'
import type { FigureName } from '../../../core/corpus/figures/figureTables'
import type { AppState } from '../../../state/appState'
import { comparedFigure, comparison, shownTable } from '../../../state/corpus/corpusComparison'
import { openTokens, shownTokens } from '../../../state/corpus/corpusTokens'
import { useActions, useAppStore } from '../../appContext'
import { ComparedCounts } from '../ComparedCounts'
import { useReleased } from '../useReleased'
import { useShownRun } from '../useShownRun'
import { FigurePanel } from './FigurePanel'
import { PointContextCard } from './PointContextCard'
import { PointsOfRun } from './PointControls'

interface PanelProps {
  readonly onSettings: () => void
}

/** Returns a figure of the open run, that of the compared run, the names of its tokens, and their numbers. */
function useFigure<K extends FigureName>(name: K) {
  const figure = useAppStore((state) => state.corpus.figures.value?.[name] ?? null)
  const compared = useAppStore(comparison)
  const { labelOf } = useAppStore(openTokens)
  useReleased(figure)
  return {
    figure,
    compared: useMemo(() => comparedFigure(compared, name), [compared, name]),
    nameOf: labelOf,
    table: (state: AppState) => shownTable(state, name),
  }
}

export function FrequencyPanel({ onSettings }: PanelProps) {
  const { figure, nameOf, table } = useFigure('frequency')
  return (
    <FigurePanel name="frequency" figure={figure} nameOf={nameOf} table={table} onSettings={onSettings}>
      {(chart) => (
        <FrequencyBars {...chart} figure={figure} compared={<ComparedCounts />} tokenName={nameOf} />
      )}
    </FigurePanel>
  )
}

export function PropagationPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('propagation')
  return (
    <FigurePanel name="propagation" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <PropagationChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

export function CausalPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('causal')
  const reading = useAppStore(({ corpus }) => corpus.run.value?.header.settings.causal ?? 'none')
  return (
    <FigurePanel name="causal" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => (
        <CausalChart
          {...chart}
          figure={figure}
          compared={compared}
          reading={reading === 'none' ? null : reading}
        />
      )}
    </FigurePanel>
  )
}

export function IdentifiabilityPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('identifiability')
  return (
    <FigurePanel name="identifiability" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <IdentifiabilityChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

/** Draws learned identifiability; nothing of a run that learned no map, which few do. */
export function LearnedPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('learned')
  const wanted = useAppStore(({ corpus }) => (corpus.run.value?.header.settings.learnedTexts ?? 0) > 0)
  if (!figure && !wanted) return null
  return (
    <FigurePanel name="learned" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <LearnedChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

/** Returns the numbers of a point as text. */
function effectNumbers(figure: EffectFigure, i: number): string[] {
  const { shift, lastDistance, change, flipped } = figure.points
  return [
    `shift ${formatNumber(shift[i])}`,
    `distance at the last layer ${formatNumber(lastDistance[i])}`,
    `change of ${effectUnit(figure)} ${formatNumber(change[i])}`,
    ...(flipped[i] === 1 ? ['label flips'] : []),
  ]
}

export function EffectPanel({ onSettings }: PanelProps) {
  const { table } = useFigure('effect')
  const { figure, other } = useShownRun('effect')
  const { labelOf, wordOf } = useAppStore(shownTokens)
  const norm = useAppStore((state) => state.corpus.display.norm)
  const { hoverPoint, showPoint } = useActions()
  const points = figure?.points
  return (
    <FigurePanel name="effect" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => (
        <EffectChart
          {...chart}
          figure={figure}
          other={other}
          controls={<PointsOfRun />}
          tokenName={labelOf}
          norm={norm}
          describe={
            points &&
            ((index) => [wordOf(points.tokenIds[index]), ...effectNumbers(figure, index)].join(', '))
          }
          tooltip={
            points && (
              <PointContextCard
                points={points}
                table="perturbations"
                numbersOf={(index) => effectNumbers(figure, index).join(' · ')}
              />
            )
          }
          onHover={(index) =>
            hoverPoint(index === null ? null : (points?.rows[index] ?? null), 'perturbations')
          }
          onOpen={(index) => {
            if (points) showPoint(points.rows[index], 'perturbations')
          }}
        />
      )}
    </FigurePanel>
  )
}

export function ProxiesPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('proxies')
  return (
    <FigurePanel name="proxies" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <ProxiesChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

export function PairsPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('pairs')
  return (
    <FigurePanel name="pairs" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <PairsChart {...chart} figure={figure} />}
    </FigurePanel>
  )
}

export function PerturbationsPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('perturbations')
  const neighborRank = useAppStore((state) => state.corpus.run.value?.header.settings.neighborRank)
  return (
    <FigurePanel name="perturbations" figure={figure} table={table} onSettings={onSettings}>
      {(chart) => <PerturbationsChart {...chart} figure={figure} neighborRank={neighborRank} />}
    </FigurePanel>
  )
}

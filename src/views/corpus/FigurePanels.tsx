import { useMemo } from 'react'
import { EffectChart } from '../../charts/corpus/EffectChart'
import { FrequencyBars } from '../../charts/corpus/FrequencyBars'
import { IdentifiabilityChart } from '../../charts/corpus/IdentifiabilityChart'
import { PairsChart } from '../../charts/corpus/PairsChart'
import { PerturbationsChart } from '../../charts/corpus/PerturbationsChart'
import { PropagationChart } from '../../charts/corpus/PropagationChart'
import { formatNumber } from '../../charts/formatNumber'
import type { EffectFigure } from '../../core/corpus/figures'
import type { AppState } from '../../state/appState'
import { comparedFigure, comparison, shownTable } from '../../state/corpus/corpusComparison'
import type { FigureName } from '../../state/corpus/corpusTables'
import { openTokens, shownTokens } from '../../state/corpus/corpusTokens'
import { useActions, useAppStore } from '../appContext'
import { ComparedCounts } from './ComparedCounts'
import { FigurePanel } from './FigurePanel'
import {
  effectFinding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
} from './figureSentences'
import { PointContextCard } from './PointContextCard'
import { PointsOfRun } from './PointControls'
import { useReleased } from './useReleased'
import { useShownRun } from './useShownRun'

interface PanelProps {
  readonly onSettings: () => void
}

/** A figure of the open run, that of the run beside it, the names of its tokens, and their numbers. */
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
    <FigurePanel
      name="least-impactful"
      title="Least-impactful tokens"
      description="How often each token is among the least impactful of its review, fig. 1"
      finding={figure && frequencyFinding(figure, nameOf)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => (
        <FrequencyBars {...chart} figure={figure} compared={<ComparedCounts />} tokenName={nameOf} />
      )}
    </FigurePanel>
  )
}

export function PropagationPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('propagation')
  return (
    <FigurePanel
      name="propagation"
      title="Propagation by rank"
      description="Distance by layer and rank of the least impactful tokens, l2 over the whole sequence, fig. 3"
      finding={figure && propagationFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <PropagationChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

export function IdentifiabilityPanel({ onSettings }: PanelProps) {
  const { figure, compared, table } = useFigure('identifiability')
  return (
    <FigurePanel
      name="identifiability"
      title="Identifiability"
      description="Positions whose hidden state is closest to their own token, by layer"
      finding={figure && identifiabilityFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <IdentifiabilityChart {...chart} figure={figure} compared={compared} />}
    </FigurePanel>
  )
}

/** The numbers of a point, for reading. */
function effectNumbers(
  { shift, lastDistance, change, flipped }: EffectFigure['points'],
  i: number,
): string[] {
  return [
    `shift ${formatNumber(shift[i])}`,
    `distance at the last layer ${formatNumber(lastDistance[i])}`,
    `change of probability ${formatNumber(change[i])}`,
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
    <FigurePanel
      name="effect"
      title="Effect on the prediction"
      description="Change of the predicted probability against how far the embedding and the last layer move"
      finding={figure && effectFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
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
            ((index) => [wordOf(points.tokenIds[index]), ...effectNumbers(points, index)].join(', '))
          }
          tooltip={
            points && (
              <PointContextCard
                points={points}
                table="perturbations"
                numbersOf={(index) => effectNumbers(points, index).join(' · ')}
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

export function PairsPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('pairs')
  return (
    <FigurePanel
      name="pairs"
      title="Two tokens at once"
      description="Distance of two changes together against the sum of each, by layer"
      finding={figure && pairsFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <PairsChart {...chart} figure={figure} />}
    </FigurePanel>
  )
}

export function PerturbationsPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('perturbations')
  const neighborRank = useAppStore((state) => state.corpus.run.value?.header.settings.neighborRank)
  return (
    <FigurePanel
      name="perturbations"
      title="Other perturbations"
      description="Distance by layer of each perturbation at the same random positions"
      finding={figure && perturbationsFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <PerturbationsChart {...chart} figure={figure} neighborRank={neighborRank} />}
    </FigurePanel>
  )
}

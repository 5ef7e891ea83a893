import { EffectChart } from '../../charts/corpus/EffectChart'
import { FrequencyBars } from '../../charts/corpus/FrequencyBars'
import { IdentifiabilityChart } from '../../charts/corpus/IdentifiabilityChart'
import { PairsChart } from '../../charts/corpus/PairsChart'
import { PerturbationsChart } from '../../charts/corpus/PerturbationsChart'
import { PropagationChart } from '../../charts/corpus/PropagationChart'
import { tokenNames } from '../../state/corpusSelectors'
import { type FigureName, figureTable } from '../../state/corpusTables'
import { useAppStore } from '../appContext'
import { FigurePanel } from './FigurePanel'
import {
  effectFinding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
} from './figureSentences'

interface PanelProps {
  readonly onSettings: () => void
}

/** A figure of the open run, the names of its tokens, and its table. */
function useFigure<K extends FigureName>(name: K) {
  const figures = useAppStore((state) => state.corpus.figures.value)
  const nameOf = useAppStore(tokenNames)
  return {
    figure: figures?.[name] ?? null,
    nameOf,
    table: () => figures && figureTable(figures, name, nameOf),
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
      {(chart) => <FrequencyBars {...chart} figure={figure} tokenName={nameOf} />}
    </FigurePanel>
  )
}

export function PropagationPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('propagation')
  return (
    <FigurePanel
      name="propagation"
      title="Propagation by rank"
      description="Distance by layer and rank of the least impactful tokens, l2 over the whole sequence, fig. 3"
      finding={figure && propagationFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <PropagationChart {...chart} figure={figure} />}
    </FigurePanel>
  )
}

export function IdentifiabilityPanel({ onSettings }: PanelProps) {
  const { figure, table } = useFigure('identifiability')
  return (
    <FigurePanel
      name="identifiability"
      title="Identifiability"
      description="Positions whose hidden state is closest to their own token, by layer"
      finding={figure && identifiabilityFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <IdentifiabilityChart {...chart} figure={figure} />}
    </FigurePanel>
  )
}

export function EffectPanel({ onSettings }: PanelProps) {
  const { figure, nameOf, table } = useFigure('effect')
  const norm = useAppStore((state) => state.corpus.display.norm)
  return (
    <FigurePanel
      name="effect"
      title="Effect on the prediction"
      description="Change of the predicted probability against how far the embedding and the last layer move"
      finding={figure && effectFinding(figure)}
      table={table}
      onSettings={onSettings}
    >
      {(chart) => <EffectChart {...chart} figure={figure} tokenName={nameOf} norm={norm} />}
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

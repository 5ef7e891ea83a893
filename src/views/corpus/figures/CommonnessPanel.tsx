import { CommonnessChart } from '../../../charts/corpus/CommonnessChart'
import { Switch } from '../../../charts/corpus/Switch'
import { formatDecimals, formatNumber } from '../../../charts/formatNumber'
import type { ScatterPoints } from '../../../core/corpus/figures/figures'
import { NORM_NAMES, NORMS } from '../../../core/measures/norm'
import { shownTable } from '../../../state/corpus/corpusComparison'
import { selectedPoints } from '../../../state/corpus/corpusSelectors'
import { shownTokens } from '../../../state/corpus/corpusTokens'
import { useActions, useAppStore } from '../../appContext'
import { counted } from '../corpusWords'
import { useReleased } from '../useReleased'
import { useShownRun } from '../useShownRun'
import { FigurePanel } from './FigurePanel'
import { PointContextCard } from './PointContextCard'
import { PointsOfRun } from './PointControls'
import { SelectionTable } from './SelectionTable'

const KINDS = [
  { value: 'occurrences', name: 'occurrences' },
  { value: 'types', name: 'token types' },
] as const

const CHOICES = NORMS.map((value) => ({ value, name: NORM_NAMES[value] }))

/** Returns the numbers of a point as text. */
function numbersOf(points: ScatterPoints, index: number): string[] {
  return [
    `commonness ${formatDecimals(points.commonness[index], 2)}`,
    `shift ${formatNumber(points.shift[index])}`,
    ...(points.of === 'types' ? [counted(points.counts[index], 'occurrence')] : []),
  ]
}

function Controls() {
  const { norm, of } = useAppStore((state) => state.corpus.display)
  const { setDisplay } = useActions()
  return (
    <div className="figure-switches">
      <PointsOfRun />
      <Switch label="Points" choices={KINDS} value={of} onChange={(next) => setDisplay({ of: next })} />
      <Switch
        label="Norm of the shift"
        choices={CHOICES}
        value={norm}
        onChange={(next) => setDisplay({ norm: next })}
      />
    </div>
  )
}

/**
 * Draws fig. 2 with every point: hover reads a token in its sentence, a click opens its review, a selection is a table.
 */
export function CommonnessPanel({ onSettings }: { readonly onSettings: () => void }) {
  const points = useAppStore((state) => state.corpus.scatter.value)
  const failure = useAppStore((state) => state.corpus.scatter.failure)
  const { figure, other } = useShownRun('commonness')
  const hasTexts = useAppStore(({ corpus: { run, compared, display } }) =>
    display.run === 'open' ? run.value?.hasTexts : compared.value?.hasTexts,
  )
  const selected = useAppStore(selectedPoints)
  const { labelOf, wordOf } = useAppStore(shownTokens)
  const { hoverPoint, selectPoints, showPoint } = useActions()
  useReleased(points)
  return (
    <div>
      <FigurePanel
        name="commonness"
        figure={figure}
        table={(state) => shownTable(state, 'commonness')}
        onSettings={onSettings}
      >
        {(chart) => (
          <CommonnessChart
            {...chart}
            figure={figure}
            other={other}
            points={points}
            tokenName={labelOf}
            controls={<Controls />}
            selected={selected}
            describe={
              points
                ? (index) => [wordOf(points.tokenIds[index]), ...numbersOf(points, index)].join(', ')
                : undefined
            }
            tooltip={
              points && (
                <PointContextCard
                  points={points}
                  table="occurrences"
                  numbersOf={(index) => numbersOf(points, index).join(' · ')}
                />
              )
            }
            onHover={(index) => hoverPoint(index === null ? null : (points?.rows[index] ?? null))}
            onOpen={(index) => {
              if (points) showPoint(points.rows[index])
            }}
            onSelect={selectPoints}
          />
        )}
      </FigurePanel>
      {failure && (
        <p className="run-problem" role="alert">
          {failure.message} {failure.advice}
        </p>
      )}
      {points && (
        <p className="soft">
          {hasTexts
            ? 'A click, or Enter, opens the review of a point in Explore; what you draw around becomes a table.'
            : 'Of this run only the numbers are kept, not the texts: points name their token, but open no review.'}
        </p>
      )}
      {points && selected && <SelectionTable points={points} selected={selected} />}
    </div>
  )
}

import { CommonnessChart } from '../../charts/corpus/CommonnessChart'
import { Switch } from '../../charts/corpus/Switch'
import { formatDecimals, formatNumber } from '../../charts/formatNumber'
import type { ScatterPoints } from '../../core/corpus/figures'
import { selectedPoints, tokenNames } from '../../state/corpusSelectors'
import { figureTable } from '../../state/corpusTables'
import { wordOf } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import { NORM_NAMES, NORMS } from '../normNames'
import { counted } from './corpusWords'
import { FigurePanel } from './FigurePanel'
import { commonnessFinding } from './figureSentences'
import { PointContextCard } from './PointContextCard'
import { SelectionTable } from './SelectionTable'

const KINDS = [
  { value: 'occurrences', name: 'occurrences' },
  { value: 'types', name: 'token types' },
] as const

const CHOICES = NORMS.map((value) => ({ value, name: NORM_NAMES[value] }))

/** `wonderful, commonness 0.41, shift 9.30` */
function describePoint(points: ScatterPoints, index: number, nameOf: (tokenId: number) => string): string {
  return [
    wordOf(nameOf(points.tokenIds[index])),
    `commonness ${formatDecimals(points.commonness[index], 2)}`,
    `shift ${formatNumber(points.shift[index])}`,
    ...(points.of === 'types' ? [counted(points.counts[index], 'occurrence')] : []),
  ].join(', ')
}

function Controls() {
  const { norm, of } = useAppStore((state) => state.corpus.display)
  const { setDisplay } = useActions()
  return (
    <div className="figure-switches">
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

/** Fig. 2 with every point: hover reads a token in its sentence, a click opens its review, a selection is a table. */
export function CommonnessPanel({ onSettings }: { readonly onSettings: () => void }) {
  const points = useAppStore((state) => state.corpus.scatter.value)
  const failure = useAppStore((state) => state.corpus.scatter.failure)
  const figures = useAppStore((state) => state.corpus.figures.value)
  const hasTexts = useAppStore((state) => state.corpus.run.value?.hasTexts ?? false)
  const selected = useAppStore(selectedPoints)
  const nameOf = useAppStore(tokenNames)
  const { hoverPoint, selectPoints, showPoint } = useActions()
  const figure = figures?.commonness ?? null
  return (
    <>
      <FigurePanel
        name="commonness"
        title="Commonness against shift"
        description={`Embedding shift (${NORM_NAMES[points?.norm ?? 'l2']}) against commonness, fig. 2`}
        finding={figure && commonnessFinding(figure)}
        table={() => figures && figureTable(figures, 'commonness', nameOf)}
        onSettings={onSettings}
      >
        {(chart) => (
          <CommonnessChart
            {...chart}
            figure={figure}
            points={points}
            tokenName={nameOf}
            controls={<Controls />}
            selected={selected}
            describe={points ? (index) => describePoint(points, index, nameOf) : undefined}
            tooltip={points && <PointContextCard points={points} nameOf={nameOf} />}
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
    </>
  )
}

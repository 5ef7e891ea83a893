import { type ReactNode, useMemo } from 'react'
import type { FrequencyFigure } from '../../core/corpus/figures/figures'
import { NORM_NAMES } from '../../core/measures/norm'
import { DataTable } from '../DataTable'
import { formatPercent } from '../formatNumber'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { agreementText } from './correlationText'
import { FrequencyDrawing } from './FrequencyDrawing'
import { BAR_NORMS } from './frequencyGeometry'
import { MOST_ROWS } from './PointTable'

export interface FrequencyBarsProps extends CorpusChartProps {
  readonly figure: FrequencyFigure | null
  /** Comparison with another run: how far its norms agree, and how far both runs agree. */
  readonly compared?: ReactNode
  readonly tokenName: (id: number) => string
}

/** Number of tokens drawn: as many as Spearman's coefficient considers (fig. 1). */
const SHOWN = 20

/** Draws fig. 1: the tokens among the five least impactful ones of their review, under each norm. */
export function FrequencyBars({ figure, compared, tokenName, svgRef, ...frame }: FrequencyBarsProps) {
  const shown = useMemo(() => figure?.tokens.slice(0, SHOWN) ?? [], [figure])
  const n = figure?.sequences.toLocaleString('en')
  const table = () => (
    <DataTable
      caption={`Times among the least impactful tokens, of ${n} reviews; ${figure ? agreementText(figure).join('; ') : ''}`}
      columns={['token', ...BAR_NORMS.map((norm) => NORM_NAMES[norm]), 'share of corpus'].map(
        (heading, i) => ({
          heading,
          numeric: i > 0,
        }),
      )}
      rows={(figure?.tokens.slice(0, MOST_ROWS) ?? []).map(({ tokenId, counts, corpusShare }) => ({
        id: tokenId,
        cells: [
          tokenName(tokenId),
          ...BAR_NORMS.map((norm) => counts[norm].toLocaleString('en')),
          formatPercent(corpusShare, 2),
        ],
      }))}
    />
  )
  return (
    <CorpusFrame
      {...frame}
      heading="Least-impactful tokens"
      subtitle={
        shown.length > 0
          ? `fig. 1 · times among the five smallest shifts · the ${shown.length} shown hold ${formatPercent(figure?.topShare ?? Number.NaN, 0)} of all · n ${n} reviews`
          : 'fig. 1'
      }
      missing={shown.length > 0 ? null : 'Run a corpus to see which tokens move least.'}
      table={table}
    >
      {figure && <FrequencyDrawing figure={figure} tokens={shown} tokenName={tokenName} svgRef={svgRef} />}
      {compared}
    </CorpusFrame>
  )
}

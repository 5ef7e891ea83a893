import { format } from 'd3-format'
import type { ReactElement } from 'react'
import { CausalChart } from '../../charts/corpus/CausalChart'
import { CommonnessChart } from '../../charts/corpus/CommonnessChart'
import { EffectChart } from '../../charts/corpus/EffectChart'
import { FrequencyBars } from '../../charts/corpus/FrequencyBars'
import { FIGURE_TEXTS } from '../../charts/corpus/figureTexts'
import { IdentifiabilityChart } from '../../charts/corpus/IdentifiabilityChart'
import { LearnedChart } from '../../charts/corpus/LearnedChart'
import { PairsChart } from '../../charts/corpus/PairsChart'
import { PerturbationsChart } from '../../charts/corpus/PerturbationsChart'
import { PropagationChart } from '../../charts/corpus/PropagationChart'
import { ProxiesChart } from '../../charts/corpus/ProxiesChart'
import type { CommonnessFigure, Figures } from '../../core/corpus/figures/figures'
import {
  type FigureName,
  type FigureTable,
  figureTable,
  isWholeColumn,
  TABLE_ROWS,
} from '../../core/corpus/figures/figureTables'
import type { RunSettings } from '../../core/corpus/runSettings'
import { type Drawing, drawingsOf } from './drawing'

/** Holds a figure with its numbers. */
export interface Section {
  /** Name of its file: `propagation`. */
  readonly name: FigureName
  readonly title: string
  /** Sentences that the numbers support. */
  readonly sentences: readonly string[]
  readonly drawings: readonly Drawing[]
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Number of all rows; `rows` are the first of them. */
  readonly rowsInAll: number
}

type NameOf = (tokenId: number) => string

/** Returns the figure's own points, one per token type, in the form of the page's scatterplot. */
function pointsOf({ norm, points }: CommonnessFigure) {
  const one = new Uint32Array(points.tokenIds.length).fill(1)
  return { of: 'types', norm, ...points, rows: new Uint32Array(one.length), counts: one } as const
}

/** Draws each figure with the page's own chart. */
const CHARTS: {
  readonly [K in FigureName]: (
    figure: NonNullable<Figures[K]>,
    tokenName: NameOf,
    settings: RunSettings,
  ) => ReactElement
} = {
  frequency: (figure, tokenName) => <FrequencyBars figure={figure} tokenName={tokenName} />,
  commonness: (figure, tokenName) => (
    <CommonnessChart figure={figure} points={pointsOf(figure)} tokenName={tokenName} />
  ),
  propagation: (figure) => <PropagationChart figure={figure} />,
  identifiability: (figure) => <IdentifiabilityChart figure={figure} />,
  effect: (figure, tokenName) => <EffectChart figure={figure} tokenName={tokenName} />,
  pairs: (figure) => <PairsChart figure={figure} />,
  perturbations: (figure, _tokenName, { neighborRank }) => (
    <PerturbationsChart figure={figure} neighborRank={neighborRank} />
  ),
  proxies: (figure) => <ProxiesChart figure={figure} />,
  learned: (figure) => <LearnedChart figure={figure} />,
  causal: (figure, _tokenName, { causal }) => (
    <CausalChart figure={figure} reading={causal === 'none' ? null : causal} />
  ),
}

const number = format('.4~g')
const whole = format(',d')

function cellsOf({ columns }: FigureTable, row: FigureTable['rows'][number]): string[] {
  return columns.map((column) => {
    const value = row[column] ?? null
    if (typeof value !== 'number') return String(value ?? '')
    if (!Number.isFinite(value)) return '–'
    return isWholeColumn(column) ? whole(value) : number(value)
  })
}

function sectionOf<K extends FigureName>(
  figures: Figures,
  name: K,
  nameOf: NameOf,
  settings: RunSettings,
): Section | null {
  const figure = figures[name] as NonNullable<Figures[K]> | null
  const table = figureTable(figures, name, nameOf)
  if (figure === null || table === null) return null
  const { title, describe, finding, notes } = FIGURE_TEXTS[name]
  const { run, paper } = finding(figure, nameOf)
  return {
    name,
    title,
    sentences: [`${describe(figure)}.`, run, paper, notes?.(figure).join('; ')].filter(
      (sentence): sentence is string => Boolean(sentence),
    ),
    drawings: drawingsOf(CHARTS[name](figure, nameOf, settings)),
    columns: table.columns.map((column) => column.replaceAll('_', ' ')),
    rows: table.rows.slice(0, TABLE_ROWS).map((row) => cellsOf(table, row)),
    rowsInAll: table.rows.length,
  }
}

/** Returns every figure that a run has records for, as the page draws and describes it. @param settings of the run */
export function reportSections(figures: Figures, nameOf: NameOf, settings: RunSettings): Section[] {
  return (Object.keys(FIGURE_TEXTS) as FigureName[])
    .map((name) => sectionOf(figures, name, nameOf, settings))
    .filter((section) => section !== null)
}

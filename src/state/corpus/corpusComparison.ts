import {
  compareFigures,
  countsAgreement,
  type StatisticDifference,
} from '../../core/corpus/figures/compareFigures'
import type { Correlation, Figures } from '../../core/corpus/figures/figures'
import { type FigureName, type FigureTable, figureTable } from '../../core/corpus/figures/figureTables'
import type { RunHeader } from '../../core/corpus/run'
import { type RunDifferences, runDifferences } from '../../core/corpus/runDifferences'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { provenanceText, runProvenance } from './corpusSelectors'
import type { ComparedRun } from './corpusState'
import { tableCsv, tableJson } from './corpusTables'
import { comparedTokens, openTokens } from './corpusTokens'

/** Holds a value of the open run and the same of the compared one. */
export type Both<T> = readonly [open: T, compared: T]

/** Holds two runs for the same charts. */
export interface Comparison {
  readonly headers: Both<RunHeader>
  /** Short names, which differ. */
  readonly names: Both<string>
  /** Number of layers L of each. */
  readonly layers: Both<number>
  /** Figures of the compared run; null until they are computed. */
  readonly figures: Figures | null
  readonly differences: RunDifferences
}

/** Returns the run that is compared with the open one; null if there is none, or if it is the open one. */
export function comparedRun({ corpus: { run, compared } }: AppState): ComparedRun | null {
  if (!run.value || !compared.value) return null
  return run.value.header.id === compared.value.header.id ? null : compared.value
}

/** Returns short names that tell the two apart: the models', else the weights', the texts' or the seeds'. */
function namesOf(open: RunHeader, compared: RunHeader): Both<string> {
  const [a, b] = [open.provenance, compared.provenance]
  const short = (id: string) => id.split('/').at(-1) ?? id
  if (a.modelId !== b.modelId) {
    return short(a.modelId) === short(b.modelId)
      ? [a.modelId, b.modelId]
      : [short(a.modelId), short(b.modelId)]
  }
  if (a.sha256 !== b.sha256)
    return [a, b].map(({ sha256 }) => `weights ${sha256.slice(0, 8)}`) as [string, string]
  if (open.origin.name !== compared.origin.name) return [open.origin.name, compared.origin.name]
  if (open.settings.seed !== compared.settings.seed) {
    return [`seed ${open.settings.seed}`, `seed ${compared.settings.seed}`]
  }
  return ['open run', 'kept run']
}

/** Returns the comparison of two runs; null while only one is shown. */
export const comparison = memoize(
  (state: AppState) => [comparedRun(state), state.corpus.run.value, state.corpus.comparedFigures.value],
  (state): Comparison | null => {
    const open = state.corpus.run.value?.header
    const compared = comparedRun(state)?.header
    if (!open || !compared) return null
    return {
      headers: [open, compared],
      names: namesOf(open, compared),
      layers: [open.layers, compared.layers],
      figures: state.corpus.comparedFigures.value,
      differences: runDifferences(open, compared),
    }
  },
)

/** Returns one figure of the compared run, for its chart; null while only one run is shown. */
export function comparedFigure<K extends FigureName>(compared: Comparison | null, name: K) {
  if (!compared) return null
  const { names, layers, figures } = compared
  return { figure: figures?.[name] ?? null, names, layers }
}

/** Returns the statistics that both runs have; empty while only one is shown or its figures are not computed. */
export const statisticDifferences = memoize(
  (state: AppState) => [comparison(state), state.corpus.figures.value],
  (state): readonly StatisticDifference[] => {
    const compared = comparison(state)
    const figures = state.corpus.figures.value
    if (!compared?.figures || !figures) return []
    const [open, other] = compared.layers
    return compareFigures({ figures, layers: open }, { figures: compared.figures, layers: other })
  },
)

/** Returns how far both models choose the same tokens as least impactful; null if a run does not contain it. */
export const tokensAgreement = memoize(
  (state: AppState) => [
    comparison(state),
    state.corpus.figures.value,
    openTokens(state),
    comparedTokens(state),
  ],
  (state): { readonly pearson: Correlation; readonly spearman: Correlation } | null => {
    const open = state.corpus.figures.value?.frequency
    const compared = comparison(state)?.figures?.frequency
    if (!open || !compared) return null
    return countsAgreement(
      { tokens: open.tokens, nameOf: openTokens(state).wordOf },
      { tokens: compared.tokens, nameOf: comparedTokens(state).wordOf },
    )
  },
)

/** Returns differences as tidy rows. */
export function differenceTable(
  differences: readonly StatisticDifference[],
  [open, compared]: Both<number>,
): FigureTable {
  const byLayer = open === compared
  const place = byLayer ? 'layer' : 'depth'
  return {
    columns: ['figure', 'statistic', place, 'n', 'value', 'n_compared', 'value_compared', 'difference'],
    rows: differences.map(({ figure, statistic, depth, open: own, compared: other, difference }) => ({
      figure,
      statistic,
      [place]: depth === null ? null : byLayer ? Math.round(depth * open) : depth,
      n: own.n,
      value: own.value,
      n_compared: other.n,
      value_compared: other.value,
      difference,
    })),
  }
}

/** Returns a figure's numbers; while two runs are compared those of both, with a column of their names. */
export function shownTable<K extends FigureName>(state: AppState, name: K): FigureTable | null {
  const { value } = state.corpus.figures
  const own = value && figureTable(value, name, openTokens(state).entryOf)
  const compared = comparison(state)
  if (!compared) return own
  const other = compared.figures && figureTable(compared.figures, name, comparedTokens(state).entryOf)
  const tables = [own, other]
  const columns = (own ?? other)?.columns
  if (!columns) return null
  return {
    columns: ['run', ...columns],
    rows: tables.flatMap((table, i) =>
      (table?.rows ?? []).map((row) => ({ run: compared.names[i], ...row })),
    ),
  }
}

/** Returns the writers of a table's files; JSON also describes the runs. @param name of the figure, in JSON */
export function figureFiles(name: string, table: (state: AppState) => FigureTable | null) {
  return {
    csv: (state: AppState) => {
      const rows = table(state)
      return rows && tableCsv(rows)
    },
    json: (state: AppState) => {
      const { run, progress } = state.corpus
      const rows = table(state)
      if (!run.value || !rows) return null
      return tableJson(name, rows, { header: run.value.header, progress }, comparedRun(state))
    },
  }
}

/** Names the source of the numbers on screen: the open run, or both while two are compared. */
export function shownProvenance(state: AppState): string | null {
  const compared = comparison(state)
  if (!compared) return runProvenance(state)
  return compared.headers
    .map(({ provenance }, i) => `${compared.names[i]}: ${provenanceText(provenance)}`)
    .join('; ')
}

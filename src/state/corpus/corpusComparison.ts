import { compareFigures, countsAgreement, type StatisticDifference } from '../../core/corpus/compareFigures'
import type { Correlation, Figures } from '../../core/corpus/figures'
import { type FigureName, type FigureTable, figureTable } from '../../core/corpus/figureTables'
import type { RunHeader } from '../../core/corpus/run'
import { type RunDifferences, runDifferences } from '../../core/corpus/runDifferences'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { provenanceText, runProvenance } from './corpusSelectors'
import type { BesideRun } from './corpusState'
import { tableCsv, tableJson } from './corpusTables'
import { besideTokens, openTokens } from './corpusTokens'

/** What stands first, of the open run, and second, of the one beside it. */
export type Both<T> = readonly [open: T, beside: T]

/** Two runs in the same charts. */
export interface Comparison {
  readonly headers: Both<RunHeader>
  /** Short, and not the same. */
  readonly names: Both<string>
  /** L of each. */
  readonly layers: Both<number>
  /** Of the run beside; null until they have come. */
  readonly figures: Figures | null
  readonly differences: RunDifferences
}

/** The run that is drawn beside the open one; null while none is kept, or the open one itself is. */
export function comparedRun({ corpus: { run, beside } }: AppState): BesideRun | null {
  if (!run.value || !beside.value) return null
  return run.value.header.id === beside.value.header.id ? null : beside.value
}

/** The model's name, else the texts', whichever tells the two apart. */
function namesOf(open: RunHeader, beside: RunHeader): Both<string> {
  const [a, b] = [open.provenance, beside.provenance]
  const short = (id: string) => id.split('/').at(-1) ?? id
  if (a.modelId !== b.modelId) {
    return short(a.modelId) === short(b.modelId)
      ? [a.modelId, b.modelId]
      : [short(a.modelId), short(b.modelId)]
  }
  if (a.sha256 !== b.sha256)
    return [a, b].map(({ sha256 }) => `weights ${sha256.slice(0, 8)}`) as [string, string]
  if (open.origin.name !== beside.origin.name) return [open.origin.name, beside.origin.name]
  if (open.settings.seed !== beside.settings.seed) {
    return [`seed ${open.settings.seed}`, `seed ${beside.settings.seed}`]
  }
  return ['open run', 'kept run']
}

/** Null while one run is looked at alone. */
export const comparison = memoize(
  (state: AppState) => [comparedRun(state), state.corpus.run.value, state.corpus.besideFigures.value],
  (state): Comparison | null => {
    const open = state.corpus.run.value?.header
    const beside = comparedRun(state)?.header
    if (!open || !beside) return null
    return {
      headers: [open, beside],
      names: namesOf(open, beside),
      layers: [open.layers, beside.layers],
      figures: state.corpus.besideFigures.value,
      differences: runDifferences(open, beside),
    }
  },
)

/** One figure of the run beside, for its chart; null while one run is looked at alone. */
export function comparedFigure<K extends FigureName>(compared: Comparison | null, name: K) {
  if (!compared) return null
  const { names, layers, figures } = compared
  return { figure: figures?.[name] ?? null, names, layers }
}

/** Statistics that both runs have; empty while one is looked at alone or its figures have not come. */
export const statisticDifferences = memoize(
  (state: AppState) => [comparison(state), state.corpus.figures.value],
  (state): readonly StatisticDifference[] => {
    const compared = comparison(state)
    const figures = state.corpus.figures.value
    if (!compared?.figures || !figures) return []
    const [open, beside] = compared.layers
    return compareFigures({ figures, layers: open }, { figures: compared.figures, layers: beside })
  },
)

/** How far both models choose the same tokens as least impactful; null where one run does not say. */
export const tokensAgreement = memoize(
  (state: AppState) => [
    comparison(state),
    state.corpus.figures.value,
    openTokens(state),
    besideTokens(state),
  ],
  (state): { readonly pearson: Correlation; readonly spearman: Correlation } | null => {
    const open = state.corpus.figures.value?.frequency
    const beside = comparison(state)?.figures?.frequency
    if (!open || !beside) return null
    return countsAgreement(
      { tokens: open.tokens, nameOf: openTokens(state).wordOf },
      { tokens: beside.tokens, nameOf: besideTokens(state).wordOf },
    )
  },
)

/** Differences as tidy rows. */
export function differenceTable(
  differences: readonly StatisticDifference[],
  [open, beside]: Both<number>,
): FigureTable {
  const byLayer = open === beside
  const place = byLayer ? 'layer' : 'depth'
  return {
    columns: ['figure', 'statistic', place, 'n', 'value', 'n_beside', 'value_beside', 'difference'],
    rows: differences.map(({ figure, statistic, depth, open: own, beside: other, difference }) => ({
      figure,
      statistic,
      [place]: depth === null ? null : byLayer ? Math.round(depth * open) : depth,
      n: own.n,
      value: own.value,
      n_beside: other.n,
      value_beside: other.value,
      difference,
    })),
  }
}

/** A figure's numbers; of both runs, told apart by their names, while two are compared. */
export function shownTable<K extends FigureName>(state: AppState, name: K): FigureTable | null {
  const { value } = state.corpus.figures
  const own = value && figureTable(value, name, openTokens(state).entryOf)
  const compared = comparison(state)
  if (!compared) return own
  const other = compared.figures && figureTable(compared.figures, name, besideTokens(state).entryOf)
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

/** Returns the writers of a table's files, with what JSON says of the runs behind it. @param name of the figure, in JSON */
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

/** Says where the numbers on screen come from: the open run, or both while two are compared. */
export function shownProvenance(state: AppState): string | null {
  const compared = comparison(state)
  if (!compared) return runProvenance(state)
  return compared.headers
    .map(({ provenance }, i) => `${compared.names[i]}: ${provenanceText(provenance)}`)
    .join('; ')
}

import type { FigureTable } from '../../core/corpus/figures/figureTables'
import type { RunProgress, RunSummary } from '../../core/corpus/run'
import { formatCsv } from '../../core/exports/csv'
import type { SelectionRow } from './corpusSelectors'

export const tableCsv = ({ columns, rows }: FigureTable): string => formatCsv(columns, rows)

type DescribedRun = Pick<RunSummary, 'header'> & { readonly progress: RunProgress | null }

/** Describes the run for a file, apart from its numbers. */
function describeRun({ header, progress }: DescribedRun) {
  const { settings, origin, provenance, corpus, sampled, startedAt } = header
  const done = progress?.done ?? sampled
  return { settings, origin, provenance, corpus, sampled, sequences_done: done, started_at: startedAt }
}

/**
 * Returns a table as JSON; numbers that JSON cannot hold become null.
 *
 * @param compared the run that the numbers are compared with
 */
export function tableJson(
  name: string,
  { columns, rows }: FigureTable,
  run: DescribedRun,
  compared: DescribedRun | null = null,
): string {
  const content = {
    format: 'ripplescope-figure',
    version: 2,
    figure: name,
    run: describeRun(run),
    ...(compared ? { compared: describeRun(compared) } : {}),
    columns,
    rows,
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** Returns the selected points as a table of tokens. */
export function selectionTable(rows: readonly SelectionRow[]): FigureTable {
  return {
    columns: ['token', 'token_id', 'count', 'commonness', 'shift'],
    rows: rows.map(({ token, tokenId, count, commonness, shift }) => ({
      token,
      token_id: tokenId,
      count,
      commonness,
      shift,
    })),
  }
}

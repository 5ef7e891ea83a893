import { format } from 'd3-format'
import {
  type Claim,
  commonnessClaims,
  frequencyClaims,
  identifiabilityClaims,
  isSign,
  propagationClaims,
} from '../src/core/corpus/figures/claims'
import { computeFigures } from '../src/core/corpus/figures/computeFigures'
import type { Figures } from '../src/core/corpus/figures/figures'
import { columnOf, layerColumns, rowsWhere } from '../src/core/corpus/records/recordColumns'
import { distanceColumn, type RecordTables } from '../src/core/corpus/records/records'
import { PLACES } from '../src/core/corpus/runSettings'
import { percentileInterval, resampledCounts } from '../src/core/statistics/bootstrap'
import type { RunFile } from '../src/corpus/files/runFile'
import { CLAIM_WORDS } from '../src/views/claimWords'
import { paperRows } from './paperTable'

/** Holds a run that the page ships, and what its data set and its model are called. */
export interface ShippedColumn {
  readonly data: { readonly name: string }
  readonly model: { readonly name: string }
  readonly run: RunFile
}

interface Cells {
  readonly claims: ReadonlyMap<string, boolean>
  readonly rows: ReadonlyMap<string, string>
  readonly papers: ReadonlyMap<string, string>
}

const three = format('.3f')

/**
 * Compares the last layer with the one before it: the mean over texts of ln(D_L / D_L-1) of the least impactful
 * substitutions, as a ratio, with its 95 % interval by bootstrap over texts.
 *
 * @returns null without such records
 */
export function lastLayerRatio({ perturbations }: RecordTables, seed: number) {
  const layers = layerColumns(perturbations, distanceColumn)
  const [before, last] = layers.slice(-2)
  const place = columnOf(perturbations, 'place')
  const sequence = columnOf(perturbations, 'sequence')
  const rows = rowsWhere(
    perturbations,
    (row) => place[row] === PLACES.indexOf('least-impactful') && before[row] > 0 && last[row] > 0,
  )
  const byText = new Map<number, number[]>()
  for (const row of rows) {
    const ratio = Math.log(last[row] / before[row])
    byText.set(sequence[row], [...(byText.get(sequence[row]) ?? []), ratio])
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const texts = Float64Array.from(byText.values(), mean)
  if (texts.length === 0) return null
  const samples: number[] = []
  for (const counts of resampledCounts(texts.length, { seed })) {
    samples.push(texts.reduce((sum, value, i) => sum + counts[i] * value, 0) / texts.length)
  }
  const { low, high } = percentileInterval(samples)
  return { ratio: Math.exp(mean([...texts])), low: Math.exp(low), high: Math.exp(high), texts: texts.length }
}

function claimsOf(figures: Figures, vocabulary: readonly string[]): Claim[] {
  const { frequency, commonness, propagation, identifiability } = figures
  return [
    ...(frequency
      ? frequencyClaims(frequency, (tokenId) => isSign(vocabulary[tokenId] ?? `#${tokenId}`))
      : []),
    ...(commonness ? commonnessClaims(commonness) : []),
    ...(propagation ? propagationClaims(propagation) : []),
    ...(identifiability ? identifiabilityClaims(identifiability) : []),
  ]
}

function cellsOf({ run }: ShippedColumn): Cells {
  const vocabulary: string[] = []
  for (const [id, token] of run.tokenNames ?? []) vocabulary[id] = token
  const figures = computeFigures(run, { norm: 'l2', shipped: run.figures?.l2 ?? null })
  const rows = paperRows(run, figures, vocabulary)
  const drop = lastLayerRatio(run.tables, run.header.settings.seed)
  return {
    claims: new Map(claimsOf(figures, vocabulary).map(({ name, agrees }) => [name, agrees])),
    rows: new Map([
      ...rows.map(({ what, ours }) => [what, ours] as const),
      ...(drop
        ? [
            [
              DROP,
              `${three(drop.ratio)} (${three(drop.low)} to ${three(drop.high)})${drop.high < 1 ? ': falls' : drop.low > 1 ? ': rises' : ''}`,
            ] as const,
          ]
        : []),
    ]),
    papers: new Map([...rows.map(({ what, paper }) => [what, paper] as const), [DROP, 'below 1: falls']]),
  }
}

const DROP = 'the last layer over the one before it: mean ratio of D over texts, 95 % by bootstrap'

const line = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** Writes the paper's statements and numbers beside those of every shipped run, as Markdown. */
export function replicationTable(shipped: readonly ShippedColumn[]): string {
  const all = shipped.map(cellsOf)
  const heads = shipped.map(
    ({ data, model, run }) => `${data.name}, ${model.name} (${run.tables.sequences.rows} texts)`,
  )
  const rule = (count: number) => line(Array.from({ length: count }, () => '---'))
  const claims = Object.entries(CLAIM_WORDS)
    .filter(([name]) => all.some((cells) => cells.claims.has(name)))
    .map(([name, words]) =>
      line([
        words,
        ...all.map(({ claims: of }) => {
          const agrees = of.get(name)
          return agrees === undefined ? '–' : agrees ? 'agrees' : '**differs**'
        }),
      ]),
    )
  const names = [...new Set(all.flatMap(({ rows }) => [...rows.keys()]))]
  const paperOf = (what: string) => all.map(({ papers }) => papers.get(what)).find(Boolean) ?? ''
  const rows = names.map((what) =>
    line([what, paperOf(what), ...all.map(({ rows: of }) => of.get(what) ?? '–')]),
  )
  return `${[
    line(['the paper says', ...heads]),
    rule(heads.length + 1),
    ...claims,
    '',
    line(['what', 'paper', ...heads]),
    rule(heads.length + 2),
    ...rows,
  ].join('\n')}\n`
}

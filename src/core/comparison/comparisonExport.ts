import { type CsvRow, formatCsv } from '../exports/csv'
import type { ExploreExport } from '../exports/exploreExport'
import { NORMS } from '../measures/norm'
import type { ComparedNumber, ComparisonTable } from './comparisonTable'

/**
 * Holds one change on two sides as data: each side as Explore's own export writes it, and the differences. Fields may
 * be added within a version; a field that changes its name or meaning makes a new version.
 */
export interface ComparisonExport {
  /** Name of the format; version 1 was named `ripplescope-beside` and had the same fields. */
  readonly format: 'ripplescope-comparison'
  readonly version: 2
  /**
   * `same`: both sides use the same token where both vocabularies have it; `nearest`: each uses its own nearest
   * neighbour.
   */
  readonly substitutes: 'same' | 'nearest'
  readonly first: ExploreExport
  readonly second: ExploreExport
  /** Counterparts on the second side of each substitution of the first, the explored one last. */
  readonly opposite: readonly {
    readonly first: number
    /** Positions, ascending; the substitution happens at the first of them. */
    readonly second: readonly number[]
    readonly how: 'same' | 'nearest' | null
  }[]
  readonly table: ComparisonTable
}

export function formatComparisonJson(data: Omit<ComparisonExport, 'format' | 'version'>): string {
  const written: ComparisonExport = { format: 'ripplescope-comparison', version: 2, ...data }
  return `${JSON.stringify(written, null, 2)}\n`
}

const COLUMNS = ['measure', 'first_layer', 'second_layer', 'first', 'second', 'difference', 'ratio']

const numberRow = (measure: string, { first, second, difference, ratio }: ComparedNumber): CsvRow => ({
  measure,
  first,
  second,
  difference,
  ratio,
})

function predictionRows({ predictions: { first, second } }: ComparisonTable): CsvRow[] {
  const at = (when: 'before' | 'after') => ({
    label: [first, second].map((side) => side && (side.labels[side.label[when]] ?? null)),
    probability: [first, second].map((side) => side?.probabilities?.[when][side.label[when]] ?? null),
  })
  return [
    ...(['before', 'after'] as const).flatMap((when) => {
      const { label, probability } = at(when)
      return [
        { measure: `label_${when}`, first: label[0], second: label[1] },
        { measure: `probability_${when}`, first: probability[0], second: probability[1] },
      ]
    }),
    { measure: 'label_flips', first: first?.flips ?? null, second: second?.flips ?? null },
  ]
}

function distributionRows({ distribution }: ComparisonTable): CsvRow[] {
  if (!distribution) return []
  const { divergence, entropyBefore, entropyAfter } = distribution
  return [
    numberRow('token_kl', divergence),
    numberRow('token_entropy_before', entropyBefore),
    numberRow('token_entropy_after', entropyAfter),
  ]
}

/**
 * Writes one row per measure, then one per layer and measure: `difference` is second minus first, `ratio` second over
 * first.
 */
export function formatComparisonCsv(
  table: ComparisonTable,
  substitutes: { readonly first: string; readonly second: string },
): string {
  return formatCsv(COLUMNS, [
    { measure: 'substitutions', ...substitutes },
    numberRow('cosine', table.cosine),
    ...NORMS.map((norm) => numberRow(`shift_${norm}`, table.shift[norm])),
    ...predictionRows(table),
    ...distributionRows(table),
    ...table.layers.flatMap(({ layers, distance, relative }) =>
      (
        [
          ['distance', distance],
          ['relative', relative],
        ] as const
      ).map(([measure, number]) => ({
        ...numberRow(measure, number),
        first_layer: layers.first,
        second_layer: layers.second,
      })),
    ),
  ])
}

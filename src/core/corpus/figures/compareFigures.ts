import { pearson, spearman } from '../../statistics/correlation'
import { PLACE_NAMES } from '../runSettings'
import { effectUnit } from './claims'
import {
  type Correlation,
  EFFECT_NAMES,
  type Figures,
  type FrequencyFigure,
  type LayerStatistic,
} from './figures'

/** Holds a statistic of one run and the number of values behind it. */
export interface RunStatistic {
  readonly n: number
  readonly value: number
}

/** Holds the same statistic of two runs. */
export interface StatisticDifference {
  readonly figure: keyof Figures
  /** Name to display, with the field's terms. */
  readonly statistic: string
  /** Relative depth l / L of a measure of one layer; null elsewhere. */
  readonly depth: number | null
  readonly open: RunStatistic
  readonly compared: RunStatistic
  /** Open run minus the second run; NaN if one of them is undefined. */
  readonly difference: number
}

type Row = RunStatistic & Pick<StatisticDifference, 'figure' | 'statistic' | 'depth'>

/** Holds a run's figures and its model's number of layers. */
export interface MeasuredFigures {
  readonly figures: Figures
  /** L */
  readonly layers: number
}

const correlated = (figure: Row['figure'], statistic: string, { coefficient, n }: Correlation): Row => ({
  figure,
  statistic,
  depth: null,
  n,
  value: coefficient,
})

const meanOf = (values: Float32Array) => {
  let sum = 0
  for (const value of values) sum += value
  return values.length > 0 ? sum / values.length : Number.NaN
}

function frequencyRows({ frequency }: Figures): Row[] {
  if (!frequency) return []
  const { agreement, topShare, sequences } = frequency
  return [
    ...agreement.flatMap(({ norms, pearson, spearman }) => [
      correlated('frequency', `Pearson r of the counts, ${norms.join(' and ')}`, pearson),
      correlated('frequency', `Spearman ρ of the counts, ${norms.join(' and ')}`, spearman),
    ]),
    {
      figure: 'frequency',
      statistic: 'share of the 20 most frequent',
      depth: null,
      n: sequences,
      value: topShare,
    },
  ]
}

function commonnessRows({ commonness }: Figures): Row[] {
  if (!commonness) return []
  const { n, slope, r } = commonness.regression
  const row = (statistic: string, value: number): Row => ({
    figure: 'commonness',
    statistic: `${statistic}, shift in ${commonness.norm}`,
    depth: null,
    n,
    value,
  })
  return [row('slope', slope), row('r', r)]
}

function propagationRows({ propagation }: Figures, layers: number): Row[] {
  if (!propagation) return []
  const row = (statistic: string, { layer, n }: LayerStatistic, value: number): Row => ({
    figure: 'propagation',
    statistic,
    depth: layer / layers,
    n,
    value,
  })
  const lastOf = (of: readonly LayerStatistic[]) => of.filter(({ layer }) => layer === layers)
  return [
    ...propagation.all.map((layer) => row('mean distance, all ranks', layer, layer.mean)),
    ...propagation.ranks.flatMap(({ rank, layers: of }) =>
      lastOf(of).map((layer) => row(`mean distance, rank ${rank}`, layer, layer.mean)),
    ),
    ...lastOf(propagation.all).map((layer) => row('variance of the distance', layer, layer.variance)),
  ]
}

function identifiabilityRows({ identifiability }: Figures, layers: number): Row[] {
  return (identifiability?.layers ?? []).map(({ layer, n, rate }) => ({
    figure: 'identifiability',
    statistic: 'share that reads as its own token',
    depth: layer / layers,
    n,
    value: rate,
  }))
}

function effectRows({ effect }: Figures): Row[] {
  if (!effect) return []
  const { n, flips, points, againstShift, againstLastDistance } = effect
  const row = (statistic: string, value: number): Row => ({
    figure: 'effect',
    statistic,
    depth: null,
    n,
    value,
  })
  return [
    ...(Number.isNaN(flips) ? [] : [row('share of flips', flips)]),
    row(`mean |change of ${effectUnit(effect)}|`, meanOf(points.change)),
    correlated('effect', 'Pearson r with the shift', againstShift.pearson),
    correlated('effect', 'Spearman ρ with the shift', againstShift.spearman),
    correlated('effect', 'Pearson r with the distance at the last layer', againstLastDistance.pearson),
    correlated('effect', 'Spearman ρ with the distance at the last layer', againstLastDistance.spearman),
  ]
}

function beyondRows({ pairs, perturbations }: Figures, layers: number): Row[] {
  const ratio = (pairs?.kinds ?? []).flatMap(({ place, layers: of }): Row[] => {
    const last = of.at(-1)
    const statistic = `D(a + b) / (D(a) + D(b)), ${PLACE_NAMES[place]} pairs`
    return last
      ? [{ figure: 'pairs', statistic, depth: last.layer / layers, n: last.n, value: last.ratio }]
      : []
  })
  const kinds = (perturbations?.kinds ?? []).flatMap(({ perturbation, n, layers: of, flips }): Row[] => {
    const mean = of.at(-1)?.mean ?? Number.NaN
    const common = { figure: 'perturbations' as const, n }
    return [
      { ...common, statistic: `mean distance, ${perturbation}`, depth: 1, value: mean },
      { ...common, statistic: `share of flips, ${perturbation}`, depth: null, value: flips },
    ]
  })
  return [...ratio, ...kinds]
}

function proxyRows({ proxies }: Figures, layers: number): Row[] {
  return (proxies?.kinds ?? []).flatMap(({ perturbation, place, tokens, series }) => {
    if (perturbation !== 'nearest' || place !== 'least-impactful' || tokens !== 1) return []
    return series
      .filter(({ measure }) => measure === 'whole')
      .flatMap(({ effect, n, layers: of }) =>
        of.map(
          ({ layer, spearman }): Row => ({
            figure: 'proxies',
            statistic: `Spearman ρ of D with ${EFFECT_NAMES[effect]}`,
            depth: layer / layers,
            n,
            value: spearman,
          }),
        ),
      )
  })
}

function rowsOf({ figures, layers }: MeasuredFigures): Row[] {
  return [
    ...frequencyRows(figures),
    ...commonnessRows(figures),
    ...propagationRows(figures, layers),
    ...identifiabilityRows(figures, layers),
    ...effectRows(figures),
    ...beyondRows(figures, layers),
    ...proxyRows(figures, layers),
  ]
}

/**
 * Compares the statistics that two runs both have. Layers are matched by relative depth l / L: of models with different
 * layer counts, those that both have.
 */
export function compareFigures(open: MeasuredFigures, compared: MeasuredFigures): StatisticDifference[] {
  const keyOf = ({ figure, statistic, depth }: Row) => `${figure} ${statistic} ${depth}`
  const others = new Map(rowsOf(compared).map((row) => [keyOf(row), row]))
  return rowsOf(open).flatMap((row) => {
    const other = others.get(keyOf(row))
    if (!other) return []
    const { figure, statistic, depth, n, value } = row
    return [
      {
        figure,
        statistic,
        depth,
        open: { n, value },
        compared: { n: other.n, value: other.value },
        difference: value - other.value,
      },
    ]
  })
}

type Named = Pick<FrequencyFigure, 'tokens'> & { readonly nameOf: (tokenId: number) => string }

/** Sums the counts under l2 by name: two entries of one name (`film`, `Ġfilm`) count together. */
function countsByName({ tokens, nameOf }: Named): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { tokenId, counts: of } of tokens) {
    const name = nameOf(tokenId)
    counts.set(name, (counts.get(name) ?? 0) + of.l2)
  }
  return counts
}

/**
 * Measures how far two models agree on the least impactful tokens (fig. 1, under l2): the correlation of their counts
 * over the union of tokens, matched by name, since ids mean nothing across tokenizers.
 */
export function countsAgreement(
  a: Named,
  b: Named,
): { readonly pearson: Correlation; readonly spearman: Correlation } {
  const [inA, inB] = [countsByName(a), countsByName(b)]
  const names = [...new Set([...inA.keys(), ...inB.keys()])]
  const x = names.map((name) => inA.get(name) ?? 0)
  const y = names.map((name) => inB.get(name) ?? 0)
  return { pearson: pearson(x, y), spearman: spearman(x, y) }
}

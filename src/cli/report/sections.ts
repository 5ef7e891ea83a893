import { format } from 'd3-format'
import type { Correlation, Figures, LayerStatistic } from '../../core/corpus/figures'
import { barChart, lineChart, pointChart } from './charts'
import type { Markup } from './markup'

/** A figure with its numbers. */
export interface Section {
  /** Of its file: `propagation`. */
  readonly name: string
  readonly title: string
  /** What the numbers say, and nothing that they do not. */
  readonly sentence: string
  readonly drawing: Markup
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const BARS = 20
const number = format('.4~g')
const share = format('.2%')
const whole = format(',d')
const text = (value: number) => (Number.isFinite(value) ? number(value) : '–')
const correlation = ({ coefficient, p, n }: Correlation) =>
  `${text(coefficient)} (p ${p < 0.001 ? '< 0.001' : text(p)}, n ${whole(n)})`
const NORM_NAMES = { l1: 'l1', l2: 'l2', linf: 'l∞' } as const
const points = (layers: readonly LayerStatistic[]) =>
  layers.map(({ layer, mean, low, high }) => ({ x: layer, y: mean, low, high }))
const layerRow = (label: string, { layer, n, mean, low, high, variance }: LayerStatistic) => [
  label,
  String(layer),
  whole(n),
  ...[mean, low, high, variance].map(text),
]
const LAYER_COLUMNS = ['layer', 'n', 'mean', 'low', 'high', 'variance']

type NameOf = (tokenId: number) => string

function frequencySection({ frequency }: Figures, nameOf: NameOf): Section | null {
  if (!frequency) return null
  const { sequences, tokens, agreement, topShare } = frequency
  const title = 'Frequency of the least impactful tokens (fig. 1)'
  const agreements = agreement.map(
    ({ norms, pearson, spearman }) =>
      `${norms.map((norm) => NORM_NAMES[norm]).join(' and ')}: Pearson r ${correlation(pearson)}, Spearman ρ over the ${BARS} most frequent ${correlation(spearman)}`,
  )
  return {
    name: 'frequency',
    title,
    sentence: `${whole(sequences)} texts. The ${BARS} most frequent tokens hold ${share(topShare)} of the substitutions. ${agreements.join('; ')}.`,
    drawing: barChart(
      title,
      Object.values(NORM_NAMES),
      tokens.slice(0, BARS).map(({ tokenId, counts: { l1, l2, linf } }) => ({
        label: nameOf(tokenId),
        values: [l1, l2, linf],
      })),
    ),
    columns: ['token', 'l1', 'l2', 'l∞', 'share of the corpus'],
    rows: tokens
      .slice(0, 100)
      .map(({ tokenId, counts: { l1, l2, linf }, corpusShare }) => [
        nameOf(tokenId),
        ...[l1, l2, linf].map(whole),
        share(corpusShare),
      ]),
  }
}

function commonnessSection({ commonness }: Figures): Section | null {
  if (!commonness) return null
  const { norm, bins, regression, points: of } = commonness
  const title = 'Commonness against embedding shift (fig. 2)'
  const { slope, r, p, n } = regression
  return {
    name: 'commonness',
    title,
    sentence: `Least squares over ${whole(n)} tokens: slope ${text(slope)}, r ${text(r)}, p ${p < 0.001 ? '< 0.001' : text(p)}; the band is the 95 % interval of the mean.`,
    drawing: pointChart({
      title,
      xLabel: 'commonness',
      yLabel: `embedding shift (${NORM_NAMES[norm]})`,
      x: of.commonness,
      y: of.shift,
      regression,
    }),
    columns: ['from', 'to', 'n', 'mean shift', 'low', 'high'],
    rows: bins.map(({ from, to, n: count, mean, low, high }) => [
      ...[from, to].map(text),
      whole(count),
      ...[mean, low, high].map(text),
    ]),
  }
}

function propagationSection({ propagation }: Figures): Section | null {
  if (!propagation) return null
  const { ranks, all } = propagation
  const title = 'Propagation of the least impactful substitutions (fig. 3)'
  return {
    name: 'propagation',
    title,
    sentence: `${whole(all[0]?.n ?? 0)} substitutions; mean D_l by rank of the shift, 1 being the smallest, with 95 % intervals.`,
    drawing: lineChart({
      title,
      xLabel: 'layer',
      yLabel: 'distance (l2, whole sequence)',
      series: ranks.map(({ rank, layers }) => ({ label: `rank ${rank}`, points: points(layers) })),
    }),
    columns: ['rank', ...LAYER_COLUMNS],
    rows: [
      ...ranks.flatMap(({ rank, layers }) => layers.map((layer) => layerRow(String(rank), layer))),
      ...all.map((layer) => layerRow('all', layer)),
    ],
  }
}

function identifiabilitySection({ identifiability }: Figures): Section | null {
  if (!identifiability) return null
  const { layers } = identifiability
  const title = 'Identifiability by layer'
  return {
    name: 'identifiability',
    title,
    sentence: `Share of ${whole(layers[0]?.n ?? 0)} positions whose closest token is their own, with 95 % Wilson intervals.`,
    drawing: lineChart({
      title,
      xLabel: 'layer',
      yLabel: 'share of positions',
      isShare: true,
      series: [
        { label: '', points: layers.map(({ layer, rate, low, high }) => ({ x: layer, y: rate, low, high })) },
      ],
    }),
    columns: ['layer', 'n', 'rate', 'low', 'high', 'median rank'],
    rows: layers.map(({ layer, n, rate, low, high, medianRank }) => [
      String(layer),
      whole(n),
      ...[rate, low, high].map((value) => (Number.isFinite(value) ? share(value) : '–')),
      text(medianRank),
    ]),
  }
}

function effectSection({ effect }: Figures): Section | null {
  if (!effect) return null
  const { n, flips, points: of, againstShift, againstLastDistance } = effect
  const title = 'Effect on the prediction against the distance at the last layer'
  return {
    name: 'effect',
    title,
    sentence: `${share(flips)} of ${whole(n)} substitutions change the label (second colour).`,
    drawing: pointChart({
      title,
      xLabel: 'distance at the last layer (l2)',
      yLabel: 'change of the probability',
      x: of.lastDistance,
      y: of.change,
      isMarked: (i) => of.flipped[i] === 1,
    }),
    columns: ['change of the probability against', 'Pearson r', 'Spearman ρ'],
    rows: (
      [
        ['embedding shift', againstShift],
        ['distance at the last layer', againstLastDistance],
      ] as const
    ).map(([what, { pearson, spearman }]) => [what, correlation(pearson), correlation(spearman)]),
  }
}

function pairsSection({ pairs }: Figures): Section | null {
  if (!pairs) return null
  const { layers } = pairs
  const title = 'Two substitutions at once against the sum of each'
  const last = layers.at(-1)
  return {
    name: 'pairs',
    title,
    sentence: last
      ? `${whole(last.n)} pairs. At the last layer the ratio is ${text(last.ratio)} (${text(last.low)} to ${text(last.high)}); ${share(last.superAdditiveShare)} are super-additive.`
      : '',
    drawing: lineChart({
      title,
      xLabel: 'layer',
      yLabel: 'D(a + b) / (D(a) + D(b))',
      mark: 1,
      series: [
        {
          label: '',
          points: layers.map(({ layer, ratio, low, high }) => ({ x: layer, y: ratio, low, high })),
        },
      ],
    }),
    columns: ['layer', 'n', 'ratio', 'low', 'high', 'super-additive'],
    rows: layers.map(({ layer, n, ratio, low, high, superAdditiveShare }) => [
      String(layer),
      whole(n),
      ...[ratio, low, high].map(text),
      share(superAdditiveShare),
    ]),
  }
}

function perturbationsSection({ perturbations }: Figures): Section | null {
  if (!perturbations) return null
  const { kinds } = perturbations
  const title = 'Other perturbations at the same random positions'
  return {
    name: 'perturbations',
    title,
    sentence: `${whole(kinds.reduce((sum, { n }) => sum + n, 0))} changes of ${kinds.length} ${kinds.length === 1 ? 'kind' : 'kinds'}; mean D_l with 95 % intervals.`,
    drawing: lineChart({
      title,
      xLabel: 'layer',
      yLabel: 'distance (l2, whole sequence)',
      series: kinds.map(({ perturbation, layers }) => ({ label: perturbation, points: points(layers) })),
    }),
    columns: ['perturbation', 'n', 'mean shift', 'label changes', 'mean change of the probability'],
    rows: kinds.map(({ perturbation, n, meanShift, flips, meanChange }) => [
      perturbation,
      whole(n),
      text(meanShift),
      Number.isFinite(flips) ? share(flips) : '–',
      text(meanChange),
    ]),
  }
}

/** Every figure that a run has records for. */
export function reportSections(figures: Figures, nameOf: NameOf): Section[] {
  return [
    frequencySection(figures, nameOf),
    commonnessSection(figures),
    propagationSection(figures),
    identifiabilitySection(figures),
    effectSection(figures),
    pairsSection(figures),
    perturbationsSection(figures),
  ].filter((section) => section !== null)
}

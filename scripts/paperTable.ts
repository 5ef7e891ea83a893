import { format } from 'd3-format'
import { mainProxy } from '../src/charts/corpus/findings'
import { PAPER } from '../src/core/corpus/figures/claims'
import { EFFECT_NAMES, type Figures, type LayerStatistic } from '../src/core/corpus/figures/figures'
import { MOST_FREQUENT } from '../src/core/corpus/figures/frequencyFigure'
import type { CorpusRun } from '../src/core/corpus/run'
import { PERTURBATION_NAMES, PLACE_NAMES } from '../src/core/corpus/runSettings'

const two = format('.2f')
const three = format('.3f')
const percent = format('.2%')
const short = format('.3~g')
const range = (values: readonly number[]) => values.map((value) => short(value)).join(', ')

/** Holds a number of the paper and of a run. */
export interface Row {
  readonly what: string
  readonly paper: string
  readonly ours: string
}

function frequencyRows({ frequency }: Figures, vocabulary: readonly string[], { counts }: CorpusRun): Row[] {
  if (!frequency) return []
  const tokens = counts.counts.reduce((sum, count) => sum + count, 0)
  const share = (token: string) => {
    const i = counts.tokenIds.indexOf(vocabulary.indexOf(token))
    return percent(i < 0 ? 0 : counts.counts[i] / tokens)
  }
  const paperRho: Readonly<Record<string, number>> = PAPER.spearman
  return [
    ...frequency.agreement.flatMap(({ norms, pearson, spearman }) => {
      const pair = [...norms].sort().join()
      return [
        {
          what: `fig. 1: Pearson r of the counts, ${norms.join(' and ')}`,
          paper: String(PAPER.pearson),
          ours: `${three(pearson.coefficient)} (n ${pearson.n})`,
        },
        {
          what: `fig. 1: Spearman rho over the ${MOST_FREQUENT} most frequent, ${norms.join(' and ')}`,
          paper: String(paperRho[pair] ?? ''),
          ours: `${three(spearman.coefficient)} (n ${spearman.n})`,
        },
      ]
    }),
    {
      what: `fig. 1: share of substitutions held by the ${MOST_FREQUENT} most frequent`,
      paper: `${100 * PAPER.topShare} %`,
      ours: percent(frequency.topShare),
    },
    {
      what: 'fig. 1: most frequent among the least impactful, l2',
      paper: 'mostly punctuation and numbers',
      ours: frequency.tokens
        .slice(0, 8)
        .map(({ tokenId, counts: by }) => `\`${vocabulary[tokenId]}\` ${by.l2}`)
        .join(', '),
    },
    { what: 'share of `.` in the corpus', paper: '4.20 %', ours: share('.') },
    { what: 'share of `,` in the corpus', paper: '3.54 %', ours: share(',') },
  ]
}

function depthRows({ commonness, propagation, identifiability }: Figures): Row[] {
  const rows: Row[] = []
  if (commonness) {
    const { slope, r, p, n } = commonness.regression
    rows.push({
      what: 'fig. 2: shift against commonness',
      paper: 'decreasing',
      ours: `slope ${three(slope)}, r ${three(r)}, p ${short(p)}, n ${n}`,
    })
    rows.push({
      what: 'fig. 2: mean shift by bin of commonness',
      paper: 'decreasing',
      ours: range(commonness.bins.map(({ mean }) => mean)),
    })
  }
  const at = <T extends { readonly layer: number }>(layers: readonly T[]): readonly T[] =>
    layers.filter(({ layer }) => isWritten(layer, layers.length - 1))
  const names = (layers: readonly { readonly layer: number }[]) =>
    at(layers)
      .map(({ layer }) => layer)
      .join(', ')
  const means = (layers: readonly LayerStatistic[]) => range(at(layers).map(({ mean }) => mean))
  if (propagation) {
    const { all } = propagation
    rows.push({
      what: `fig. 3: mean D at layers ${names(all)}, all ranks`,
      paper: 'rises with depth except at the last layer',
      ours: means(all),
    })
    for (const { rank, layers } of propagation.ranks) {
      if (rank % 2 === 1) rows.push({ what: `the same, rank ${rank}`, paper: '', ours: means(layers) })
    }
    rows.push({
      what: `fig. 3: variance of D at layers ${names(all)}`,
      paper: 'grows with depth',
      ours: range(at(all).map(({ variance }) => variance)),
    })
  }
  if (identifiability) {
    const layers = at(identifiability.layers)
    rows.push({
      what: `identifiability at layers ${names(identifiability.layers)}`,
      paper: `falls with depth; from layer ${PAPER.lostLayer} on not its own token`,
      ours: `${range(layers.map(({ rate }) => 100 * rate))} %`,
    })
  }
  return rows
}

function effectRows({ effect, pairs, perturbations, proxies }: Figures): Row[] {
  const rows: Row[] = []
  const none = '(not measured)'
  if (effect) {
    const { againstShift, againstLastDistance } = effect
    rows.push({
      what: 'labels that flip, nearest substitutions',
      paper: none,
      ours: `${percent(effect.flips)} of ${effect.n}`,
    })
    rows.push({
      what: 'change of probability against shift: Pearson, Spearman',
      paper: none,
      ours: `${three(againstShift.pearson.coefficient)}, ${three(againstShift.spearman.coefficient)}`,
    })
    rows.push({
      what: 'change of probability against D at the last layer: Pearson, Spearman',
      paper: none,
      ours: `${three(againstLastDistance.pearson.coefficient)}, ${three(againstLastDistance.spearman.coefficient)}`,
    })
  }
  if (pairs) {
    for (const { place, layers, effect: both } of pairs.kinds) {
      rows.push({
        what: `two ${PLACE_NAMES[place]} tokens at once: D(a+b) / (D(a) + D(b)) at the first and the last layer`,
        paper: none,
        ours: range([layers[0], layers[layers.length - 1]].map(({ ratio }) => ratio)),
      })
      if (both) {
        rows.push({
          what: `the prediction with two ${PLACE_NAMES[place]} tokens: |Δp| of both less |Δp + Δp| of each`,
          paper: none,
          ours: `${short(both.excess)} (${short(both.low)} to ${short(both.high)}), r ${two(both.pearson.coefficient)}, n ${both.n}`,
        })
      }
    }
  }
  const main = proxies && mainProxy(proxies)
  if (main) {
    const { layers, texts, n } = main.series
    const best = layers.reduce((a, b) => (b.spearman > a.spearman ? b : a))
    const rho = ({ layer, spearman, low, high }: (typeof layers)[number]) =>
      `${layer}: ${two(spearman)} (${two(low)} to ${two(high)})`
    rows.push({
      what: `proxies: Spearman's ρ of D with ${EFFECT_NAMES.change}, or where there is no classifier with the distance at the last layer; embedding layer, and the best`,
      paper: 'early layers can be used as proxies',
      ours: `${main.series.effect === 'change' ? '' : '(last layer) '}${rho(layers[0])}; ${rho(best)}; n ${n} in ${texts} texts`,
    })
  }
  for (const { perturbation, n, meanShift, layers, flips } of perturbations?.kinds ?? []) {
    rows.push({
      what: `${PERTURBATION_NAMES[perturbation]} at a random position: shift, D at the last layer, flips`,
      paper: none,
      ours: `${short(meanShift)}, ${short(layers.at(-1)?.mean ?? Number.NaN)}, ${Number.isNaN(flips) ? 'no classifier' : percent(flips)}; n ${n}`,
    })
  }
  return rows
}

/** Layers whose values are written: the first, some between, and the last two. */
const isWritten = (layer: number, last: number) => layer % 4 === 0 || layer >= last - 1

/** Returns a run's numbers and the paper's, one row each. */
export const paperRows = (run: CorpusRun, figures: Figures, vocabulary: readonly string[]): Row[] => [
  ...frequencyRows(figures, vocabulary, run),
  ...depthRows(figures),
  ...effectRows(figures),
]

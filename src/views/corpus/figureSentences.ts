import { formatDecimals, formatNumber, formatPercent } from '../../charts/formatNumber'
import type {
  CommonnessFigure,
  EffectFigure,
  FrequencyFigure,
  IdentifiabilityFigure,
  LayerStatistic,
  PairsFigure,
  PerturbationsFigure,
  PropagationFigure,
} from '../../core/corpus/figures'
import { NORM_NAMES } from '../normNames'
import { PERTURBATION_NAMES } from './corpusWords'

/** What the paper found, and what this run shows of it. */
export interface Finding {
  /** null where the experiment goes beyond the paper. */
  readonly paper: string | null
  /** Computed from the figure; null while it holds too little to say anything. */
  readonly run: string | null
}

const LEVEL = 0.05
const IDENTIFIABLE = 0.5

const significant = (p: number) => p < LEVEL
const pInWords = (p: number) => (p < 0.001 ? 'p < 0.001' : `p ${formatDecimals(p, 3)}`)
const layerName = (layer: number) => (layer === 0 ? 'the embedding layer' : `layer ${layer}`)

/** `−0.30`, and what a reader may make of it. */
function strength(coefficient: number): string {
  const size = Math.abs(coefficient)
  if (size < 0.1) return 'hardly any'
  if (size < 0.3) return 'a weak'
  return size < 0.6 ? 'a moderate' : 'a strong'
}

export function frequencyFinding(
  { agreement, topShare, tokens, sequences }: FrequencyFigure,
  nameOf: (tokenId: number) => string,
): Finding {
  const paper =
    'The paper finds that the norms choose alike (r = 0.99 for each pair; over the 20 most frequent ρ = 0.92 to 0.96), mostly punctuation and numbers; its 20 most frequent hold 90 % of the substitutions.'
  if (tokens.length === 0 || sequences === 0) return { paper, run: null }
  const range = (values: readonly number[]) => {
    const known = values.filter(Number.isFinite)
    if (known.length === 0) return 'not defined'
    const [low, high] = [Math.min(...known), Math.max(...known)].map((value) => formatDecimals(value, 2))
    return low === high ? low : `${low} to ${high}`
  }
  const r = range(agreement.map(({ pearson }) => pearson.coefficient))
  const rho = range(agreement.map(({ spearman }) => spearman.coefficient))
  const top = tokens.slice(0, 20)
  const signs = top.filter(({ tokenId }) => !/\p{L}/u.test(nameOf(tokenId).replace(/^\[.*\]$/, 'x'))).length
  const kinds = signs * 2 > top.length ? 'mostly punctuation and numbers, too' : 'mostly words, unlike there'
  return {
    paper,
    run: `Here r is ${r} and ρ ${rho}; the ${top.length} most frequent hold ${formatPercent(topShare, 0)} of the substitutions, ${kinds} (${signs} of ${top.length} without a letter).`,
  }
}

export function commonnessFinding({ norm, regression }: CommonnessFigure): Finding {
  const paper = 'The paper finds that the shift falls as a token gets more common.'
  const { slope, r, p, n } = regression
  if (!Number.isFinite(slope) || n < 3) return { paper, run: null }
  const numbers = `slope ${formatNumber(slope)} (${NORM_NAMES[norm]}, r ${formatDecimals(r, 2)}, ${pInWords(p)}, n ${n.toLocaleString('en')})`
  if (!significant(p)) {
    return { paper, run: `Here ${numbers}: too little to tell a trend from none.` }
  }
  return {
    paper,
    run: `Here ${numbers}: the shift ${slope < 0 ? 'falls with commonness, as in fig. 2' : 'rises with commonness, against fig. 2'}.`,
  }
}

/** The layer at which something is largest. */
function peakOf(layers: readonly LayerStatistic[], of: (layer: LayerStatistic) => number): LayerStatistic {
  return layers.reduce((best, layer) => (of(layer) > of(best) ? layer : best))
}

export function propagationFinding({ ranks, all }: PropagationFigure): Finding {
  const paper =
    'The paper finds that the distance rises with depth except at the last layer, that ranks 1 and 2 stay below the rest, and that the variance grows.'
  const [first] = all
  const last = all.at(-1)
  if (!first || !last || all.length < 3 || first.n === 0 || !Number.isFinite(last.mean)) {
    return { paper, run: null }
  }
  const before = all[all.length - 2]
  const rises = all.slice(1, -1).filter((layer, i) => layer.mean > all[i].mean).length
  const steps = all.length - 2
  const peak = peakOf(all, ({ mean }) => mean)
  const course = `Here the mean distance goes from ${formatNumber(first.mean)} at ${layerName(0)} to ${formatNumber(before.mean)} at ${layerName(before.layer)} (${rises} of ${steps} steps rise) and ${formatNumber(last.mean)} at the last; it is largest at ${layerName(peak.layer)}`
  const variance = `the variance ${last.variance > first.variance ? 'grows' : 'shrinks'} from ${formatNumber(first.variance)} to ${formatNumber(last.variance)}`
  const means = ranks.map(({ rank, layers }) => ({ rank, mean: layers.at(-2)?.mean ?? Number.NaN }))
  const low = means.filter(({ rank }) => rank <= 2).map(({ mean }) => mean)
  const high = means.filter(({ rank }) => rank > 2).map(({ mean }) => mean)
  const order =
    low.length === 2 && high.length > 0 && [...low, ...high].every(Number.isFinite)
      ? `; ranks 1 and 2 ${Math.max(...low) < Math.min(...high) ? 'stay below' : 'do not stay below'} the others before the last layer`
      : ''
  return { paper, run: `${course}; ${variance}${order}.` }
}

export function identifiabilityFinding({ layers }: IdentifiabilityFigure): Finding {
  const paper =
    'The paper finds that it falls with depth, and that from layer 8 on a hidden state no longer reads as its token.'
  const first = layers[0]
  const last = layers.at(-1)
  if (!first || !last || first.n === 0) return { paper, run: null }
  const lost = layers.find(({ rate }) => rate < IDENTIFIABLE)
  const falls = layers.slice(1).every(({ rate }, i) => rate <= layers[i].rate + 1e-9)
  const until = lost
    ? `below half from ${layerName(lost.layer)} on`
    : 'never below half: every layer still reads as its tokens'
  return {
    paper,
    run: `Here ${formatPercent(first.rate)} read as their own token at ${layerName(0)} and ${formatPercent(last.rate)} at ${layerName(last.layer)}, ${falls ? 'falling at every layer' : 'not falling at every layer'}, ${until}.`,
  }
}

export function effectFinding({ n, flips, againstShift, againstLastDistance }: EffectFigure): Finding {
  if (n < 3) return { paper: null, run: null }
  const link = (name: string, { pearson, spearman }: EffectFigure['againstShift']) =>
    Number.isFinite(spearman.coefficient)
      ? `${strength(spearman.coefficient)} link with ${name} (ρ ${formatDecimals(spearman.coefficient, 2)}, r ${formatDecimals(pearson.coefficient, 2)})`
      : `no link with ${name} that could be computed`
  return {
    paper: null,
    run: `${formatPercent(flips)} of ${n.toLocaleString('en')} substitutions flip the label. The change of probability has ${link('the shift', againstShift)} and ${link('the distance at the last layer', againstLastDistance)}.`,
  }
}

export function pairsFinding({ layers }: PairsFigure): Finding {
  const last = layers.at(-1)
  if (!last || last.n < 2 || !Number.isFinite(last.ratio)) return { paper: null, run: null }
  const verdict =
    last.low > 1
      ? 'more than additive'
      : last.high < 1
        ? 'less than additive'
        : 'additive within the interval'
  return {
    paper: null,
    run: `At layer ${last.layer} two changes together move the model ${formatNumber(last.ratio)} times as far as the sum of each (95 % CI ${formatNumber(last.low)} to ${formatNumber(last.high)}, n ${last.n.toLocaleString('en')}): ${verdict}. ${formatPercent(last.superAdditiveShare, 0)} of the pairs go further than their sum.`,
  }
}

export function perturbationsFinding({ kinds }: PerturbationsFigure): Finding {
  const measured = kinds
    .map((kind) => ({ ...kind, last: kind.layers.at(-1)?.mean ?? Number.NaN }))
    .filter(({ n, last }) => n > 0 && Number.isFinite(last))
    .sort((a, b) => a.last - b.last)
  const smallest = measured[0]
  const largest = measured.at(-1)
  if (!smallest || !largest || smallest === largest) return { paper: null, run: null }
  const nearest = measured.find(({ perturbation }) => perturbation === 'nearest')
  const least =
    nearest === undefined
      ? ''
      : nearest === smallest
        ? ' The nearest neighbour is the smallest change at the last layer, too.'
        : ' The nearest neighbour is the smallest change of the embedding, not of the last layer.'
  return {
    paper: null,
    run: `At the last layer “${PERTURBATION_NAMES[smallest.perturbation]}” moves the model least (mean ${formatNumber(smallest.last)}) and “${PERTURBATION_NAMES[largest.perturbation]}” most (${formatNumber(largest.last)}).${least}`,
  }
}

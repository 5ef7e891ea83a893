import {
  courseOf,
  effectUnit,
  fallsEverywhere,
  firstRanksLow,
  isEffectKnown,
  isFitted,
  isLost,
  isSign,
  PAPER,
  signsOnTop,
  trendOf,
} from '../../core/corpus/figures/claims'
import type {
  CarriedMean,
  CausalFigure,
  CausalKind,
  CommonnessFigure,
  Effect,
  EffectFigure,
  FrequencyFigure,
  IdentifiabilityFigure,
  LearnedFigure,
  PairEffect,
  PairKind,
  PairsFigure,
  PerturbationsFigure,
  PropagationFigure,
  ProxiesFigure,
  ProxyKind,
  ProxySeries,
} from '../../core/corpus/figures/figures'
import { MOST_FREQUENT } from '../../core/corpus/figures/frequencyFigure'
import { PERTURBATION_NAMES, type Place } from '../../core/corpus/runSettings'
import { NORM_NAMES } from '../../core/measures/norm'
import { meanOf } from '../../core/statistics/mean'
import { formatDecimals, formatNumber, formatPercent } from '../formatNumber'

/** Holds a finding of the paper, and the same of this run. */
export interface Finding {
  /** Sentence about the paper; null if the experiment goes beyond it. */
  readonly paper: string | null
  /** Sentence about this run, computed from the figure; null while it holds too little data. */
  readonly run: string | null
}

const pInWords = (p: number) => (p < 0.001 ? 'p < 0.001' : `p ${formatDecimals(p, 3)}`)
const layerName = (layer: number) => (layer === 0 ? 'the embedding layer' : `layer ${layer}`)

/** Returns the size of a correlation in words: `hardly any`, `a weak`. */
function strength(coefficient: number): string {
  const size = Math.abs(coefficient)
  if (size < 0.1) return 'hardly any'
  if (size < 0.3) return 'a weak'
  return size < 0.6 ? 'a moderate' : 'a strong'
}

const percent = (share: number) => `${Math.round(100 * share)} %`
const paperRhos = Object.values(PAPER.spearman)

export function frequencyFinding(
  figure: FrequencyFigure | null,
  nameOf: (tokenId: number) => string,
): Finding {
  const paper = `The paper finds that the norms choose alike (r = ${PAPER.pearson} for each pair; over the ${MOST_FREQUENT} most frequent ρ = ${Math.min(...paperRhos)} to ${Math.max(...paperRhos)}), mostly punctuation and numbers; its ${MOST_FREQUENT} most frequent hold ${percent(PAPER.topShare)} of the substitutions.`
  if (!figure || figure.tokens.length === 0 || figure.sequences === 0) return { paper, run: null }
  const { agreement, topShare } = figure
  const range = (values: readonly number[]) => {
    const known = values.filter(Number.isFinite)
    if (known.length === 0) return 'not defined'
    const [low, high] = [Math.min(...known), Math.max(...known)].map((value) => formatDecimals(value, 2))
    return low === high ? low : `${low} to ${high}`
  }
  const r = range(agreement.map(({ pearson }) => pearson.coefficient))
  const rho = range(agreement.map(({ spearman }) => spearman.coefficient))
  const { signs, of, share, mostly } = signsOnTop(figure, (tokenId) => isSign(nameOf(tokenId)))
  const kinds = mostly
    ? 'mostly punctuation and numbers, as in the paper'
    : 'mostly words; in the paper mostly punctuation'
  return {
    paper,
    run: `Here r is ${r} and ρ ${rho}; the ${of} most frequent hold ${formatPercent(topShare, 0)} of the substitutions, ${kinds} (${formatPercent(share, 0)} of them go to the ${signs} of ${of} without a letter).`,
  }
}

export function commonnessFinding(figure: CommonnessFigure | null): Finding {
  const paper = 'The paper finds that the shift falls as a token gets more common.'
  if (!figure || !isFitted(figure)) return { paper, run: null }
  const { slope, r, p, n } = figure.regression
  const numbers = `slope ${formatNumber(slope)} (${NORM_NAMES[figure.norm]}, r ${formatDecimals(r, 2)}, ${pInWords(p)}, n ${n.toLocaleString('en')})`
  const trend = trendOf(figure)
  if (trend === null) return { paper, run: `Here ${numbers}: too little to tell a trend from none.` }
  const like = trend === 'falls' ? 'as in fig. 2' : 'against fig. 2'
  return { paper, run: `Here ${numbers}: the shift ${trend} with commonness, ${like}.` }
}

export function propagationFinding(figure: PropagationFigure | null): Finding {
  const paper =
    'The paper finds that the distance rises with depth except at the last layer, that ranks 1 and 2 stay below the rest, and that the variance grows.'
  const known = figure && courseOf(figure)
  if (!known) return { paper, run: null }
  const { first, before, last, rises, steps, varianceGrows } = known
  const peak = figure.all.reduce((best, layer) => (layer.mean > best.mean ? layer : best))
  const course = `Here the mean distance goes from ${formatNumber(first.mean)} at ${layerName(0)} to ${formatNumber(before.mean)} at ${layerName(before.layer)} (it rises at ${rises} of the ${steps} steps) and ${formatNumber(last.mean)} at the last; it is largest at ${layerName(peak.layer)}`
  const variance = `the variance ${varianceGrows ? 'grows' : 'shrinks'} from ${formatNumber(first.variance)} to ${formatNumber(last.variance)}`
  const low = firstRanksLow(figure)
  const order =
    low === null
      ? ''
      : `; ranks 1 and 2 ${low ? 'stay below' : 'do not stay below'} the others before the last layer`
  return { paper, run: `${course}; ${variance}${order}.` }
}

export function identifiabilityFinding(figure: IdentifiabilityFigure | null): Finding {
  const paper = `The paper finds that it falls with depth, and that from layer ${PAPER.lostLayer} on a hidden state no longer reads as its token.`
  const first = figure?.layers[0]
  const last = figure?.layers.at(-1)
  if (!figure || !first || !last || first.n === 0) return { paper, run: null }
  const lost = figure.layers.find(isLost)
  const until = lost
    ? `below half from ${layerName(lost.layer)} on`
    : 'never below half: every layer still reads as its tokens'
  return {
    paper,
    run: `Here ${formatPercent(first.rate)} read as their own token at ${layerName(0)} and ${formatPercent(last.rate)} at ${layerName(last.layer)}, ${fallsEverywhere(figure) ? 'falling at every layer' : 'not falling at every layer'}, ${until}.`,
  }
}

export function learnedFinding(figure: LearnedFigure | null): Finding {
  const last = figure?.layers.at(-1)
  if (!figure || !last) return { paper: null, run: null }
  const { n, texts } = figure
  return {
    paper: null,
    run: `At ${layerName(last.layer)} a linear map reads ${formatPercent(last.learned.rate)} of ${n.toLocaleString('en')} positions in ${texts} texts that it was not learned from as their own token, the hidden state itself ${formatPercent(last.cosine.rate)} by cosine and ${formatPercent(last.l2.rate)} by l2 distance; two tokens of different texts have a cosine of ${formatDecimals(last.similarity.mean, 2)} there (${formatDecimals(figure.layers[0].similarity.mean, 2)} at ${layerName(0)}).`,
  }
}

/** Chooses what a figure of carried effects is told by: the nearest substitution where there is one that has an effect. */
export function mainCausal(figure: CausalFigure | null): CausalKind | null {
  const kinds = figure?.kinds ?? []
  const isNearest = ({ perturbation }: CausalKind) => perturbation === 'nearest'
  return kinds.find((kind) => isNearest(kind) && kind.n > 0) ?? kinds.find(isNearest) ?? kinds[0] ?? null
}

export function causalFinding(figure: CausalFigure | null): Finding {
  const kind = mainCausal(figure)
  const layers = kind && kind.n > 0 ? kind.layers : []
  if (!kind || layers.length === 0) return { paper: null, run: null }
  const { n, texts, leftOut } = kind
  const share = ({ mean, low, high }: CarriedMean) => withInterval(mean, low, high)
  const handed = layers.find(({ own, others }) => others.mean > own.mean)
  const [middle, last] = [layers[Math.floor((layers.length - 1) / 2)], layers[layers.length - 1]]
  const turn = handed
    ? `From ${layerName(handed.layer)} on the other positions carry more of it than the changed token itself`
    : 'At no layer do the other positions carry more of it than the changed token itself'
  const changes = `${n.toLocaleString('en')} substitutions in ${texts.toLocaleString('en')} texts`
  const rest = leftOut > 0 ? `; ${leftOut.toLocaleString('en')} more have an effect within rounding` : ''
  return {
    paper: null,
    run: `${turn}: at ${layerName(middle.layer)} the own position carries ${share(middle.own)} of the effect and all others ${share(middle.others)}; the position that the head reads carries ${share(middle.read)} there and ${share(last.read)} at ${layerName(last.layer)} (means of ${changes}, 95 % by bootstrap over texts${rest}).`,
  }
}

const NOTHING: Finding = { paper: null, run: null }

export function effectFinding(figure: EffectFigure | null): Finding {
  if (!figure || !isEffectKnown(figure)) return NOTHING
  const { n, flips, points, againstShift, againstLastDistance } = figure
  const link = (name: string, { pearson, spearman }: EffectFigure['againstShift']) =>
    Number.isFinite(spearman.coefficient)
      ? `${strength(spearman.coefficient)} link with ${name} (ρ ${formatDecimals(spearman.coefficient, 2)}, r ${formatDecimals(pearson.coefficient, 2)})`
      : `no link with ${name} that could be computed`
  const count = n.toLocaleString('en')
  const unit = effectUnit(figure)
  const outcome =
    unit === 'score'
      ? `The model gives a score, so no label can flip: ${count} substitutions change the score by ${formatNumber(meanOf(points.change))} on average.`
      : `${formatPercent(flips)} of ${count} substitutions flip the label.`
  return {
    paper: null,
    run: `${outcome} The change of ${unit === 'score' ? 'the score' : unit} has ${link('the shift', againstShift)} and ${link('the distance at the last layer', againstLastDistance)}.`,
  }
}

export function pairsFinding(figure: PairsFigure | null): Finding {
  const sentences = (figure?.kinds ?? []).flatMap(pairSentences)
  return sentences.length > 0 ? { paper: null, run: sentences.join(' ') } : NOTHING
}

const PAIR_PLACES: Readonly<Record<Place, string>> = {
  random: 'two random tokens',
  'least-impactful': 'the two least impactful tokens',
}

function pairSentences({ place, layers, effect }: PairKind): string[] {
  const last = layers.at(-1)
  if (!last || last.n < 2 || !Number.isFinite(last.ratio)) return []
  const verdict =
    last.low > 1
      ? 'more than additive'
      : last.high < 1
        ? 'less than additive'
        : 'additive within the interval'
  const distance = `At layer ${last.layer}, ${PAIR_PLACES[place]} changed together move the model ${formatNumber(last.ratio)} times as far as the sum of each (95 % CI ${formatNumber(last.low)} to ${formatNumber(last.high)}, n ${last.n.toLocaleString('en')}): ${verdict}. ${formatPercent(last.superAdditiveShare, 0)} of the pairs go further than their sum.`
  return effect && effect.n >= FEWEST_PAIRS ? [distance, pairEffectSentence(effect)] : [distance]
}

/** Fewer pairs say nothing about an effect. */
const FEWEST_PAIRS = 3

function pairEffectSentence({ pearson, both, sum, low, high }: PairEffect): string {
  const verdict =
    low > 0
      ? 'more than their sum would'
      : high < 0
        ? 'less than their sum would'
        : 'as much as their sum would, within the interval'
  const link = Number.isFinite(pearson.coefficient) ? `, r ${formatDecimals(pearson.coefficient, 2)}` : ''
  return `They change the prediction by ${formatNumber(both)} on average, their sum by ${formatNumber(sum)}: ${verdict} (difference ${formatNumber(low)} to ${formatNumber(high)}, 95 % CI${link}).`
}

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  change: 'how much the prediction changes',
  divergence: 'KL of the prediction',
  'last-distance': 'how far the last layer moves',
}

/** Chooses what a figure of proxies is told by: the nearest substitution, its effect on the prediction where there is one. */
export function mainProxy({ kinds }: ProxiesFigure): { kind: ProxyKind; series: ProxySeries } | null {
  const kind = kinds.find(({ perturbation }) => perturbation === 'nearest') ?? kinds[0]
  const series = kind?.series.find(({ measure }) => measure === 'whole')
  return series ? { kind, series } : null
}

/** Returns `3`, `3.5`. */
const oneDigit = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })

/** Returns `0.42 (0.36 to 0.47)`, or the value alone where there is no interval. */
const withInterval = (value: number, low: number, high: number) =>
  Number.isFinite(low) && Number.isFinite(high)
    ? `${formatDecimals(value, 2)} (${formatDecimals(low, 2)} to ${formatDecimals(high, 2)})`
    : formatDecimals(value, 2)

export function proxiesFinding(figure: ProxiesFigure | null): Finding {
  const paper =
    'The paper concludes that the first layers can be used as proxies for explanations of the model.'
  const main = figure && mainProxy(figure)
  const first = main?.series.layers[0]
  if (!main || !first || !Number.isFinite(first.spearman)) return { paper, run: null }
  const { series, kind } = main
  const best = series.layers.reduce((a, b) => (b.spearman > a.spearman ? b : a))
  const told = `Here, over ${series.n.toLocaleString('en')} substitutions in ${series.texts.toLocaleString('en')} texts, ${EFFECT_WORDS[series.effect]} goes with the distance at ${layerName(0)} by ρ ${withInterval(first.spearman, first.low, first.high)}`
  if (best.layer === 0) return { paper, run: `${told}, and with no later layer more closely.` }
  const certain = best.gainLow > 0
  const gain = Number.isFinite(best.gainLow)
    ? `, ${certain ? 'more closely' : 'not certainly more closely'} (difference ${formatDecimals(best.gainLow, 2)} to ${formatDecimals(best.gainHigh, 2)})`
    : ''
  const overlap = figure.overlaps.find(({ effect }) => effect === series.effect)
  const shares = overlap && [overlap.layers[0], overlap.layers.at(-1)]
  const tokens =
    overlap && shares?.[0] && shares[1] && kind.perturbation === 'nearest'
      ? ` Of the ${oneDigit(overlap.chosen)} of ${oneDigit(overlap.tokens)} tokens a text with the smallest effect, ${layerName(0)} names ${formatPercent(shares[0].share, 0)} and the last ${formatPercent(shares[1].share, 0)} (by chance ${formatPercent(overlap.chance, 0)}).`
      : ''
  return {
    paper,
    run: `${told} (95 % by bootstrap over texts) and most with ${layerName(best.layer)}, ρ ${withInterval(best.spearman, best.low, best.high)}${gain}.${tokens}`,
  }
}

export function perturbationsFinding(figure: PerturbationsFigure | null): Finding {
  const measured = (figure?.kinds ?? [])
    .map((kind) => ({ ...kind, last: kind.layers.at(-1)?.mean ?? Number.NaN }))
    .filter(({ n, last }) => n > 0 && Number.isFinite(last))
    .sort((a, b) => a.last - b.last)
  const smallest = measured[0]
  const largest = measured.at(-1)
  if (!smallest || !largest || smallest === largest) return NOTHING
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

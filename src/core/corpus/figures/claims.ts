import type {
  CommonnessFigure,
  EffectFigure,
  FrequencyFigure,
  IdentifiabilityFigure,
  PropagationFigure,
} from './figures'
import { MOST_FREQUENT } from './frequencyFigure'

/** Names the statements of the paper that a run can confirm or not. */
export const CLAIMS = [
  'norms-alike',
  'ranks-alike',
  'punctuation',
  'concentrated',
  'falls-with-commonness',
  'rises-with-depth',
  'falls-at-last',
  'variance-grows',
  'first-ranks-low',
  'identifiability-falls',
  'lost-from-layer-8',
] as const
export type ClaimName = (typeof CLAIMS)[number]

export interface Claim {
  readonly name: ClaimName
  readonly agrees: boolean
}

/** Numbers that the paper reports. */
export const PAPER = {
  /** Pearson's r of the counts under any two norms (fig. 1). */
  pearson: 0.99,
  /** Spearman's ρ over the most frequent tokens (fig. 1). */
  spearman: { 'l1,l2': 0.96, 'l2,linf': 0.92, 'l1,linf': 0.95 },
  /** Share of the substitutions that the most frequent tokens hold. */
  topShare: 0.9,
  /** First layer whose hidden states no longer read as their tokens (section 4.4). */
  lostLayer: 8,
} as const

const SIGNIFICANT = 0.05
/** Fewer values decide nothing. */
const FEWEST = 3
/** Bounds above which a result still counts as the paper's 0.99, 0.92 to 0.96 and 90 %. */
const ALIKE = 0.95
const RANKED_ALIKE = 0.85
const CONCENTRATED = 0.8
const HALF = 0.5
const ROUNDING = 1e-9

/** Tells whether a token is without a letter; special tokens count as words. */
export const isSign = (token: string) => !/\p{L}/u.test(token.replace(/^\[.*\]$/, 'x'))

/**
 * Counts the tokens without a letter among the most frequent, and which share of the substitutions (l2) they hold: they are
 * mostly chosen where it is more than half.
 */
export function signsOnTop({ tokens }: FrequencyFigure, isSignId: (tokenId: number) => boolean) {
  const top = tokens.slice(0, MOST_FREQUENT)
  const signs = top.filter(({ tokenId }) => isSignId(tokenId))
  const sum = (of: FrequencyFigure['tokens']) => of.reduce((total, { counts }) => total + counts.l2, 0)
  const share = sum(signs) / sum(top)
  return { signs: signs.length, of: top.length, share, mostly: share > HALF }
}

/** Tells which way the shift goes with commonness; null where the slope may be chance, or there is none. */
export function trendOf({ regression: { slope, p, n } }: CommonnessFigure): 'falls' | 'rises' | null {
  if (!Number.isFinite(slope) || !(p < SIGNIFICANT) || n < FEWEST) return null
  return slope < 0 ? 'falls' : 'rises'
}

/** Says whether a fit has enough values for a statement. */
export const isFitted = ({ regression: { slope, n } }: CommonnessFigure) =>
  Number.isFinite(slope) && n >= FEWEST

/** Names the value whose change an effect is: of scores there is no share of flips. */
export const effectUnit = ({ flips }: Pick<EffectFigure, 'flips'>): 'probability' | 'score' =>
  Number.isNaN(flips) ? 'score' : 'probability'

/** Says whether an effect has enough values for a statement. */
export const isEffectKnown = ({ n }: EffectFigure) => n >= FEWEST

/** Reads the course of the mean distance over the layers; null where there are too few of them. */
export function courseOf({ all }: PropagationFigure) {
  const first = all[0]
  const last = all.at(-1)
  const before = all.at(-2)
  if (!first || !last || !before || all.length < FEWEST || first.n === 0 || !Number.isFinite(last.mean)) {
    return null
  }
  return {
    first,
    before,
    last,
    /** Number of rises among the steps up to the layer before the last. */
    rises: all.slice(1, -1).filter(({ mean }, i) => mean > all[i].mean).length,
    steps: all.length - 2,
    fallsAtLast: last.mean < before.mean,
    varianceGrows: last.variance > first.variance,
  }
}

/** Tells whether ranks 1 and 2 stay below all others at the layer before the last; null where they cannot be compared. */
export function firstRanksLow({ ranks }: PropagationFigure): boolean | null {
  const meansOf = (isOne: (rank: number) => boolean) =>
    ranks.filter(({ rank }) => isOne(rank)).map(({ layers }) => layers.at(-2)?.mean ?? Number.NaN)
  const low = meansOf((rank) => rank <= 2)
  const high = meansOf((rank) => rank > 2)
  if (low.length !== 2 || high.length === 0 || ![...low, ...high].every(Number.isFinite)) return null
  return Math.max(...low) < Math.min(...high)
}

/** Tells whether identifiability falls, or stays, at every layer. */
export const fallsEverywhere = ({ layers }: IdentifiabilityFigure) =>
  layers.slice(1).every(({ rate }, i) => rate <= layers[i].rate + ROUNDING)

/** Tells whether fewer than half of the hidden states of a layer read as their own token. */
export const isLost = ({ rate }: IdentifiabilityFigure['layers'][number]) => rate < HALF

/**
 * Checks the claims of fig. 1 and section 4.1.
 *
 * @param isSign whether a token is without a letter; null while names are not known
 */
export function frequencyClaims(
  figure: FrequencyFigure,
  isSign: ((tokenId: number) => boolean) | null,
): Claim[] {
  const { agreement, tokens, topShare } = figure
  if (tokens.length === 0) return []
  const claims: Claim[] = []
  const claimAll = (name: ClaimName, coefficients: readonly number[], least: number) => {
    const known = coefficients.filter(Number.isFinite)
    if (known.length > 0) claims.push({ name, agrees: Math.min(...known) >= least })
  }
  claimAll(
    'norms-alike',
    agreement.map(({ pearson }) => pearson.coefficient),
    ALIKE,
  )
  claimAll(
    'ranks-alike',
    agreement.map(({ spearman }) => spearman.coefficient),
    RANKED_ALIKE,
  )
  if (isSign) {
    claims.push({ name: 'punctuation', agrees: signsOnTop(figure, isSign).mostly })
  }
  if (Number.isFinite(topShare)) claims.push({ name: 'concentrated', agrees: topShare >= CONCENTRATED })
  return claims
}

/** Checks the claim of fig. 2, which stays undecided where the slope may be chance. */
export function commonnessClaims(figure: CommonnessFigure): Claim[] {
  const trend = trendOf(figure)
  return trend === null ? [] : [{ name: 'falls-with-commonness', agrees: trend === 'falls' }]
}

/** Checks the claims of fig. 3. */
export function propagationClaims(figure: PropagationFigure): Claim[] {
  const course = courseOf(figure)
  if (!course) return []
  const low = firstRanksLow(figure)
  return [
    { name: 'rises-with-depth', agrees: course.rises === course.steps },
    { name: 'falls-at-last', agrees: course.fallsAtLast },
    { name: 'variance-grows', agrees: course.varianceGrows },
    ...(low === null ? [] : [{ name: 'first-ranks-low' as const, agrees: low }]),
  ]
}

/** Checks the claims of section 4.4, after Brunner et al. 2019. */
export function identifiabilityClaims(figure: IdentifiabilityFigure): Claim[] {
  const { layers } = figure
  if (layers.length < 2 || layers[0].n === 0) return []
  const deep = layers.filter(({ layer }) => layer >= PAPER.lostLayer)
  return [
    { name: 'identifiability-falls', agrees: fallsEverywhere(figure) },
    ...(deep.length > 0 ? [{ name: 'lost-from-layer-8' as const, agrees: deep.every(isLost) }] : []),
  ]
}

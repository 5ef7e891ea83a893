import type {
  CommonnessFigure,
  FrequencyFigure,
  IdentifiabilityFigure,
  PropagationFigure,
} from './corpus/figures'

/** A statement of the paper that a run can confirm or not. */
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

const SIGNIFICANT = 0.05
/** r = 0.99, ρ = 0.92 to 0.96 and 90 % in the paper: what still reads as the same finding. */
const ALIKE = 0.95
const RANKED_ALIKE = 0.85
const CONCENTRATED = 0.8
const MOST_FREQUENT = 20
const LOST_LAYER = 8
const HALF = 0.5
const ROUNDING = 1e-9

/**
 * Fig. 1 and section 4.1.
 *
 * @param isSign whether a token is without a letter; null while names are not known
 */
export function frequencyClaims(
  { agreement, tokens, topShare }: FrequencyFigure,
  isSign: ((tokenId: number) => boolean) | null,
): Claim[] {
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
    const top = tokens.slice(0, MOST_FREQUENT)
    const signs = top.filter(({ tokenId }) => isSign(tokenId)).length
    claims.push({ name: 'punctuation', agrees: 2 * signs > top.length })
  }
  if (Number.isFinite(topShare)) claims.push({ name: 'concentrated', agrees: topShare >= CONCENTRATED })
  return claims
}

/** Fig. 2. Undecided where the slope may be chance. */
export function commonnessClaims({ regression }: CommonnessFigure): Claim[] {
  const { slope, p, n } = regression
  if (!Number.isFinite(slope) || !(p < SIGNIFICANT) || n < 3) return []
  return [{ name: 'falls-with-commonness', agrees: slope < 0 }]
}

/** Fig. 3. */
export function propagationClaims({ ranks, all }: PropagationFigure): Claim[] {
  const first = all[0]
  const last = all.at(-1)
  const before = all.at(-2)
  if (!first || !last || !before || all.length < 3 || first.n === 0) return []
  const inner = all.slice(0, -1)
  const claims: Claim[] = [
    { name: 'rises-with-depth', agrees: inner.slice(1).every(({ mean }, i) => mean > inner[i].mean) },
    { name: 'falls-at-last', agrees: last.mean < before.mean },
    { name: 'variance-grows', agrees: last.variance > first.variance },
  ]
  const meansOf = (isOne: (rank: number) => boolean) =>
    ranks.filter(({ rank }) => isOne(rank)).map(({ layers }) => layers.at(-2)?.mean ?? Number.NaN)
  const low = meansOf((rank) => rank <= 2)
  const high = meansOf((rank) => rank > 2)
  if (low.length === 2 && high.length > 0 && [...low, ...high].every(Number.isFinite)) {
    claims.push({ name: 'first-ranks-low', agrees: Math.max(...low) < Math.min(...high) })
  }
  return claims
}

/** Section 4.4, after Brunner et al. 2019. */
export function identifiabilityClaims({ layers }: IdentifiabilityFigure): Claim[] {
  if (layers.length < 2 || layers[0].n === 0) return []
  const deep = layers.filter(({ layer }) => layer >= LOST_LAYER)
  return [
    {
      name: 'identifiability-falls',
      agrees: layers.slice(1).every(({ rate }, i) => rate <= layers[i].rate + ROUNDING),
    },
    ...(deep.length > 0
      ? [{ name: 'lost-from-layer-8' as const, agrees: deep.every(({ rate }) => rate < HALF) }]
      : []),
  ]
}

import type { Variant } from '../../core/corpus/corpusEngine'
import { NONE } from '../../core/corpus/records/records'
import {
  LOSS_SHARES,
  PERTURBATIONS,
  type Perturbation,
  PLACES,
  type Place,
  type RunSettings,
} from '../../core/corpus/runSettings'
import { lossCount, substitutionOrder } from '../../core/corpus/substitutionOrder'
import { NORMS } from '../../core/measures/norm'
import { type Substitution, substituteTokens, substitutionsKey } from '../../core/measures/substitution'
import { createRandom, drawn, drawnIndices } from '../../core/random'

/** Plans one row of `perturbations`. */
export interface PlannedPerturbation {
  readonly perturbation: Perturbation
  readonly place: Place
  /** Rank by shift, 1 the smallest; 0 at random positions. */
  readonly rank: number
  readonly position: number
  /** Token that replaces the original; `NONE` if there is none. */
  readonly substituteId: number
  /** Index into the plan's variants. */
  readonly variant: number
}

/** Plans one row of `pairs`: indices into the plan's variants. */
export interface PlannedPair {
  readonly place: Place
  readonly positions: readonly [number, number]
  readonly first: number
  readonly second: number
  readonly both: number
}

/** Plans one row of `losses`. */
export interface PlannedLoss {
  readonly place: Place
  /** Percent of the tokens. */
  readonly share: number
  readonly substituted: number
  /** Index into the plan's variants; null where nothing can be substituted. */
  readonly variant: number | null
}

/** Holds every changed sequence that one sequence needs, each once. */
export interface SequencePlan {
  readonly variants: readonly Variant[]
  readonly perturbations: readonly PlannedPerturbation[]
  readonly pairs: readonly PlannedPair[]
  /** Empty where the text has no label. */
  readonly losses: readonly PlannedLoss[]
}

/** Holds what is known of a sequence before a forward. */
export interface KnownSequence {
  /** Index in the sample. */
  readonly sequence: number
  readonly inputIds: readonly number[]
  /** Positions whose token is not a framing token, ascending. */
  readonly candidates: readonly number[]
  /** Candidates that have a nearest substitute (eq. 1) which the filters allow. */
  readonly substitutable: readonly number[]
  /** [n, 3] l1, l2, linf of the nearest substitution at each position. */
  readonly shifts: Float32Array
}

export interface ChosenPositions {
  /** Least impactful positions, smallest shift first. */
  readonly leastImpactful: readonly number[]
  /** Random positions, ascending; none of the least impactful. */
  readonly random: readonly number[]
}

/**
 * Returns the least impactful positions (measures.md: smallest shift by the chosen norm, ties by position) and those
 * drawn from the other candidates.
 */
export function choosePositions(known: KnownSequence, settings: RunSettings): ChosenPositions {
  const { sequence, candidates } = known
  const leastImpactful = lossOrder('least-impactful', known, settings).slice(0, settings.leastImpactful)
  const others = candidates.filter((position) => !leastImpactful.includes(position))
  const random = createRandom(settings.seed, sequence, 'positions')
  return {
    leastImpactful,
    random: drawn(others, settings.randomPositions, random).toSorted((a, b) => a - b),
  }
}

/** Returns the positions that can be substituted in the order in which a place takes them: by shift, or drawn. */
function lossOrder(
  place: Place,
  { sequence, substitutable, shifts }: Pick<KnownSequence, 'sequence' | 'substitutable' | 'shifts'>,
  settings: Pick<RunSettings, 'norm' | 'seed'>,
): readonly number[] {
  const norm = NORMS.indexOf(settings.norm)
  return substitutionOrder(
    place,
    { sequence, positions: substitutable, shiftAt: (position) => shifts[NORMS.length * position + norm] },
    settings.seed,
  )
}

/** Returns the positions whose hidden states are read: all candidates, or some of them drawn; ascending. */
export function chooseReadings(
  { sequence, candidates }: Pick<KnownSequence, 'sequence' | 'candidates'>,
  { readings, seed }: Pick<RunSettings, 'readings' | 'seed'>,
): readonly number[] {
  if (readings === 'all') return candidates
  return drawn(candidates, readings, createRandom(seed, sequence, 'readings')).toSorted((a, b) => a - b)
}

const pairsOf = (count: number) => (count * (count - 1)) / 2

/** Returns the pair of an index, in the order (0,1), (0,2), (1,2), (0,3), ... */
function pairAt(positions: readonly number[], index: number): [number, number] {
  const second = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2)
  const first = index - pairsOf(second)
  return [positions[first], positions[second]]
}

/** Returns pairs of different positions: those of the least impactful by rank, then those that are drawn, each once. */
function choosePairs(
  { sequence, substitutable }: KnownSequence,
  { leastImpactful }: ChosenPositions,
  { pairs, leastImpactfulPairs, seed }: RunSettings,
): Pick<PlannedPair, 'place' | 'positions'>[] {
  const ranked = Math.min(leastImpactfulPairs, pairsOf(leastImpactful.length))
  const random = createRandom(seed, sequence, 'pairs')
  return [
    ...Array.from({ length: ranked }, (_, index) => ({
      place: 'least-impactful' as const,
      positions: pairAt(leastImpactful, index),
    })),
    ...drawnIndices(pairsOf(substitutable.length), pairs, random).map((index) => ({
      place: 'random' as const,
      positions: pairAt(substitutable, index),
    })),
  ]
}

/** Collects changed sequences, each once. */
function createVariants(inputIds: readonly number[]) {
  const variants: Variant[] = []
  const indices = new Map<string, number>()
  const add = (key: string, variant: () => Variant) => {
    const known = indices.get(key)
    if (known !== undefined) return known
    indices.set(key, variants.length)
    return variants.push(variant()) - 1
  }
  return {
    variants,
    substituted: (...substitutions: readonly Substitution[]) =>
      add(substitutionsKey(substitutions), () => ({ inputIds: substituteTokens(inputIds, substitutions) })),
    removed: (position: number) => add(`removed ${position}`, () => ({ removed: position })),
  }
}

/** Answers what substitutions need to know of the model and its vocabulary. */
export interface SubstitutionSource {
  nearestOf(tokenId: number): { readonly tokenId: number }
  neighborOf(tokenId: number): number
  readonly maskId: number | null
  /** Ids that are not special, ascending: a random token is one of them. */
  readonly ordinaryIds: ArrayLike<number>
}

/** Plans the measurements of one sequence, before any forward, from the settings and the seed alone. */
export function planSequence(
  known: KnownSequence,
  chosen: ChosenPositions,
  settings: RunSettings,
  source: SubstitutionSource,
  isLabelled = false,
): SequencePlan {
  const { sequence, inputIds, candidates } = known
  const variants = createVariants(inputIds)
  const isCandidate = new Set(candidates)
  const randomTokens = createRandom(settings.seed, sequence, 'tokens')
  const perturbations: PlannedPerturbation[] = []

  const nearest = (position: number): Substitution => ({
    position,
    tokenId: source.nearestOf(inputIds[position]).tokenId,
  })

  function otherToken(tokenId: number): number {
    const { ordinaryIds } = source
    if (ordinaryIds.length < 2) return NONE
    let other = tokenId
    while (other === tokenId) other = ordinaryIds[randomTokens.below(ordinaryIds.length)]
    return other
  }

  /**
   * Returns the token that replaces the original in a perturbation of one position; `NONE` if the perturbation is not
   * defined.
   */
  function substituteFor(perturbation: Perturbation, position: number): number {
    const tokenId = inputIds[position]
    switch (perturbation) {
      case 'nearest':
        return nearest(position).tokenId
      case 'neighbor':
        return source.neighborOf(tokenId)
      case 'random':
        return otherToken(tokenId)
      case 'mask':
        return source.maskId === null || source.maskId === tokenId ? NONE : source.maskId
      case 'swap':
        return isCandidate.has(position + 1) && inputIds[position + 1] !== tokenId
          ? inputIds[position + 1]
          : NONE
      case 'delete':
        return NONE
    }
  }

  function variantOf(perturbation: Perturbation, position: number, substituteId: number): number | null {
    if (perturbation === 'delete') return variants.removed(position)
    if (substituteId === NONE) return null
    const substitution = { position, tokenId: substituteId }
    return perturbation === 'swap'
      ? variants.substituted(substitution, { position: position + 1, tokenId: inputIds[position] })
      : variants.substituted(substitution)
  }

  function plan(perturbation: Perturbation, place: Place, rank: number, position: number): void {
    const substituteId = substituteFor(perturbation, position)
    const variant = variantOf(perturbation, position, substituteId)
    if (variant === null) return
    perturbations.push({ perturbation, place, rank, position, substituteId, variant })
  }

  function planLosses(): PlannedLoss[] {
    return PLACES.flatMap((place) => {
      const order = lossOrder(place, known, settings)
      return LOSS_SHARES.map((share): PlannedLoss => {
        const positions = order.slice(0, lossCount(share, candidates.length))
        return {
          place,
          share,
          substituted: positions.length,
          variant: positions.length > 0 ? variants.substituted(...positions.map(nearest)) : null,
        }
      })
    })
  }

  for (const [i, position] of chosen.leastImpactful.entries()) {
    plan('nearest', 'least-impactful', i + 1, position)
  }
  const wanted = PERTURBATIONS.filter((perturbation) => settings.perturbations.includes(perturbation))
  for (const position of chosen.random) {
    for (const perturbation of wanted) plan(perturbation, 'random', 0, position)
  }
  const pairs = choosePairs(known, chosen, settings).map(
    ({ place, positions }): PlannedPair => ({
      place,
      positions,
      first: variants.substituted(nearest(positions[0])),
      second: variants.substituted(nearest(positions[1])),
      both: variants.substituted(nearest(positions[0]), nearest(positions[1])),
    }),
  )
  const losses = isLabelled ? planLosses() : []
  return { variants: variants.variants, perturbations, pairs, losses }
}

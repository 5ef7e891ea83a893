import type { Norm } from '../../measures/norm'
import type { Carrier } from '../../measures/patchSweep'
import type { Perturbation, Place } from '../runSettings'

/** Holds a correlation coefficient with its p and n; NaN where it is undefined (constant column, n < 2). */
export interface Correlation {
  readonly coefficient: number
  /** p value, two-sided. */
  readonly p: number
  readonly n: number
}

/** Counts how often each token is among the least impactful ones of its sequence (fig. 1). */
export interface FrequencyFigure {
  /** Sequences counted. */
  readonly sequences: number
  /** Tokens by count under l2, then l1, then linf, then id; all that occur under any norm. */
  readonly tokens: readonly {
    readonly tokenId: number
    readonly counts: Readonly<Record<Norm, number>>
    /** Share of all tokens of the corpus. */
    readonly corpusShare: number
  }[]
  /** Pearson between the count profiles over the union of tokens; Spearman over the 20 most frequent. */
  readonly agreement: readonly {
    readonly norms: readonly [Norm, Norm]
    readonly pearson: Correlation
    readonly spearman: Correlation
  }[]
  /** Share of all substitutions that the 20 most frequent hold. */
  readonly topShare: number
}

/** Holds a least-squares line with the 95 % band of its mean. */
export interface Regression {
  readonly slope: number
  readonly intercept: number
  readonly r: number
  readonly p: number
  readonly n: number
  /** Band at 41 evenly spaced x over the range of the data. */
  readonly band: readonly {
    readonly x: number
    readonly y: number
    readonly low: number
    readonly high: number
  }[]
}

/** Holds shift against commonness (fig. 2). */
export interface CommonnessFigure {
  readonly norm: Norm
  /** Ten equal-width bins of commonness; one sequence per token, up to 50 distinct sequences per bin. */
  readonly bins: readonly {
    readonly from: number
    readonly to: number
    readonly n: number
    readonly mean: number
    /** 95 % t interval of the mean; NaN for n < 2. */
    readonly low: number
    readonly high: number
  }[]
  /** Line fitted to the points of the bins. */
  readonly regression: Regression
  /** Points of the bins, to be drawn and exported. */
  readonly points: {
    readonly commonness: Float32Array
    readonly shift: Float32Array
    readonly tokenIds: Uint32Array
  }
}

/** Holds one layer's mean with its 95 % t interval and its variance. */
export interface LayerStatistic {
  readonly layer: number
  readonly n: number
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Unbiased. */
  readonly variance: number
}

/** Holds D_l by rank of the least impactful token (fig. 3). */
export interface PropagationFigure {
  readonly ranks: readonly { readonly rank: number; readonly layers: readonly LayerStatistic[] }[]
  /** Statistics over all ranks together: the variance by layer. */
  readonly all: readonly LayerStatistic[]
}

/** Holds the share of positions whose closest token is their own, by layer (experiment 4). */
export interface IdentifiabilityFigure {
  readonly layers: readonly {
    readonly layer: number
    readonly n: number
    readonly rate: number
    /** 95 % Wilson interval. */
    readonly low: number
    readonly high: number
    readonly medianRank: number
  }[]
}

/** Holds a share with its 95 % Wilson interval. */
export interface Rate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** Holds how often a hidden state reads as its token with and without a learned map, over texts not learned from. */
export interface LearnedFigure {
  /** Positions that were read. */
  readonly n: number
  readonly texts: number
  readonly layers: readonly {
    readonly layer: number
    /** The own token is the closest to h_l by cosine, by l2 distance, and to the mapped h_l by cosine. */
    readonly cosine: Rate
    readonly l2: Rate
    readonly learned: Rate
    /** Mean cosine of h_l with that of a token of another text, with a 95 % t interval over texts. */
    readonly similarity: { readonly mean: number; readonly low: number; readonly high: number }
  }[]
}

/** Names what a hidden state is read by. */
export const RETRIEVALS = ['cosine', 'l2', 'learned'] as const
export type Retrieval = (typeof RETRIEVALS)[number]

export const RETRIEVAL_NAMES: Readonly<Record<Retrieval, string>> = {
  cosine: 'cosine',
  l2: 'l2 distance',
  learned: 'learned map',
}

/** Answers whether a minimal shift means a minimal effect (experiment 5). */
export interface EffectFigure {
  readonly n: number
  /** Share of substitutions that change the label; NaN where the model gives scores. */
  readonly flips: number
  readonly points: {
    readonly shift: Float32Array
    readonly lastDistance: Float32Array
    /** |after - before| of the probability, or the score, of the label before. */
    readonly change: Float32Array
    /** 0 or 1. */
    readonly flipped: Uint8Array
    readonly tokenIds: Uint32Array
    /** Row of the table `perturbations`. */
    readonly rows: Uint32Array
  }
  readonly againstShift: { readonly pearson: Correlation; readonly spearman: Correlation }
  readonly againstLastDistance: { readonly pearson: Correlation; readonly spearman: Correlation }
}

/** Compares D_l(a + b) with D_l(a) + D_l(b) at one layer. */
export interface PairLayer {
  readonly layer: number
  readonly n: number
  /** Mean of D(a + b) / (D(a) + D(b)) with its 95 % t interval: 1 is additive, above super-additive. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  readonly superAdditiveShare: number
}

/** Compares what two substitutions at once do to the prediction with the sum of what each does. */
export interface PairEffect {
  readonly n: number
  /** Between Δp of both and Δp of the first plus Δp of the second; Δp is signed, of the label that stood first. */
  readonly pearson: Correlation
  /** Mean of |Δp(a + b)|, and of |Δp(a) + Δp(b)|. */
  readonly both: number
  readonly sum: number
  /** Mean of |Δp(a + b)| - |Δp(a) + Δp(b)| with its 95 % t interval: 0 is additive. */
  readonly excess: number
  readonly low: number
  readonly high: number
}

/** Holds the pairs of one kind of position. */
export interface PairKind {
  readonly place: Place
  readonly layers: readonly PairLayer[]
  /** Null for models without a head. */
  readonly effect: PairEffect | null
}

/** Compares two substitutions at once with each alone (experiment 5). */
export interface PairsFigure {
  /** Random pairs, then those of the least impactful positions; at least one kind. */
  readonly kinds: readonly PairKind[]
  /** Points of the first kind at the last layer. */
  readonly points: { readonly sum: Float32Array; readonly both: Float32Array }
}

/** Compares the other perturbations with the nearest substitution, at the same random positions (experiment 5). */
export interface PerturbationsFigure {
  readonly kinds: readonly {
    readonly perturbation: Perturbation
    readonly n: number
    readonly meanShift: number
    readonly layers: readonly LayerStatistic[]
    /** Share of label changes; NaN without a head, and where the model gives scores. */
    readonly flips: number
    readonly meanChange: number
  }[]
}

/** Holds how well one layer's distance tells an effect; intervals are 95 % by bootstrap over texts, NaN without one. */
export interface ProxyLayer {
  readonly layer: number
  /** Spearman's ρ between D_l and the effect. */
  readonly spearman: number
  readonly low: number
  readonly high: number
  /** Kendall's τ-b. */
  readonly kendall: number
  /** Interval of this layer's ρ less that of the embedding layer. */
  readonly gainLow: number
  readonly gainHigh: number
}

/** Names what a layer's distance may tell of: |Δp| (or the score's), KL in nats, and D_L of the last layer. */
export const EFFECTS = ['change', 'divergence', 'last-distance'] as const
export type Effect = (typeof EFFECTS)[number]

export const EFFECT_NAMES: Readonly<Record<Effect, string>> = {
  change: 'the change of the prediction',
  divergence: 'KL',
  'last-distance': 'the distance at the last layer',
}

/** Correlates the distances of every layer with one effect. */
export interface ProxySeries {
  /** Distance over the whole sequence, or at the changed positions. */
  readonly measure: 'whole' | 'own'
  readonly effect: Effect
  /** Changes that are correlated, and the texts that they are of. */
  readonly n: number
  readonly texts: number
  /** All layers; without the last where D_L over the whole sequence would tell itself. */
  readonly layers: readonly ProxyLayer[]
}

/** Holds the correlations of one kind of change. */
export interface ProxyKind {
  readonly perturbation: Perturbation
  readonly place: Place
  /** Tokens changed at once: 2 for pairs. */
  readonly tokens: 1 | 2
  readonly series: readonly ProxySeries[]
}

/** Compares the tokens of each text with the smallest D_l with those with the smallest effect, of nearest substitutions. */
export interface ProxyOverlap {
  readonly effect: Effect
  readonly texts: number
  /** Substitutions measured in a text, and how many of them are chosen, on average. */
  readonly tokens: number
  readonly chosen: number
  /** Share that is in both choices by chance. */
  readonly chance: number
  /** Mean share of the chosen that is in both. */
  readonly layers: readonly {
    readonly layer: number
    readonly share: number
    readonly low: number
    readonly high: number
  }[]
}

/** Says how well each layer tells what a change does (experiment 6). */
export interface ProxiesFigure {
  readonly kinds: readonly ProxyKind[]
  readonly overlaps: readonly ProxyOverlap[]
}

/** Holds a mean with its 95 % interval by bootstrap over texts; NaN where there are too few. */
export interface CarriedMean {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Holds how much of the effect of one kind of change the parts of each layer carry. */
export interface CausalKind {
  readonly perturbation: Perturbation
  readonly place: Place
  /** Changes behind the means, and the texts that they are of. */
  readonly n: number
  readonly texts: number
  /** Changes left out because their effect is within rounding. */
  readonly leftOut: number
  readonly layers: readonly ({ readonly layer: number } & Readonly<Record<Carrier, CarriedMean>>)[]
}

/** Says where the effect of a change is carried (activation patching over a corpus). */
export interface CausalFigure {
  readonly kinds: readonly CausalKind[]
}

/** Holds every figure of a run; null where the run has no such records. */
export interface Figures {
  readonly frequency: FrequencyFigure | null
  readonly commonness: CommonnessFigure | null
  readonly propagation: PropagationFigure | null
  readonly identifiability: IdentifiabilityFigure | null
  readonly effect: EffectFigure | null
  readonly pairs: PairsFigure | null
  readonly perturbations: PerturbationsFigure | null
  readonly proxies: ProxiesFigure | null
  readonly learned: LearnedFigure | null
  readonly causal: CausalFigure | null
}

/** Holds the points of a scatter plot: one per occurrence, or one per token type (the mean of its occurrences). */
export interface ScatterPoints {
  readonly of: 'occurrences' | 'types'
  readonly norm: Norm
  readonly tokenIds: Uint32Array
  /** 0..1 */
  readonly commonness: Float32Array
  readonly shift: Float32Array
  /** Occurrences behind the point. */
  readonly counts: Uint32Array
  /** Row of the table `occurrences`; the first one of a token type. */
  readonly rows: Uint32Array
}

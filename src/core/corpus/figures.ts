import type { Norm } from '../norm'
import type { Perturbation } from './runSettings'

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

/** Compares D_l(a + b) with D_l(a) + D_l(b) (experiment 5). */
export interface PairsFigure {
  readonly layers: readonly {
    readonly layer: number
    readonly n: number
    /** Mean of D(a + b) / (D(a) + D(b)) with its 95 % t interval: 1 is additive, above super-additive. */
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly superAdditiveShare: number
  }[]
  /** Points at the last layer. */
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

/** Holds every figure of a run; null where the run has no such records. */
export interface Figures {
  readonly frequency: FrequencyFigure | null
  readonly commonness: CommonnessFigure | null
  readonly propagation: PropagationFigure | null
  readonly identifiability: IdentifiabilityFigure | null
  readonly effect: EffectFigure | null
  readonly pairs: PairsFigure | null
  readonly perturbations: PerturbationsFigure | null
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

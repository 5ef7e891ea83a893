import type { Norm } from '../norm'
import type { Perturbation } from './runSettings'

/** A coefficient with what it was computed from; NaN where it is undefined (constant column, n < 2). */
export interface Correlation {
  readonly coefficient: number
  /** Two-sided. */
  readonly p: number
  readonly n: number
}

/** Fig. 1: how often each token is among the least impactful ones of its sequence. */
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

/** A least-squares line with the 95 % band of its mean. */
export interface Regression {
  readonly slope: number
  readonly intercept: number
  readonly r: number
  readonly p: number
  readonly n: number
  /** At 41 evenly spaced x of the data's extent. */
  readonly band: readonly {
    readonly x: number
    readonly y: number
    readonly low: number
    readonly high: number
  }[]
}

/** Fig. 2: shift against commonness. */
export interface CommonnessFigure {
  readonly norm: Norm
  /** Ten equal-width bins of commonness; one sequence a token, up to 50 distinct sequences a bin. */
  readonly bins: readonly {
    readonly from: number
    readonly to: number
    readonly n: number
    readonly mean: number
    /** 95 % t interval of the mean; NaN for n < 2. */
    readonly low: number
    readonly high: number
  }[]
  /** Through the points of the bins. */
  readonly regression: Regression
  /** Those points, so that they can be drawn and exported. */
  readonly points: {
    readonly commonness: Float32Array
    readonly shift: Float32Array
    readonly tokenIds: Uint32Array
  }
}

/** One layer's mean with its 95 % t interval and its variance. */
export interface LayerStatistic {
  readonly layer: number
  readonly n: number
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Unbiased. */
  readonly variance: number
}

/** Fig. 3: D_l by rank of the least impactful token. */
export interface PropagationFigure {
  readonly ranks: readonly { readonly rank: number; readonly layers: readonly LayerStatistic[] }[]
  /** Over all ranks together: the variance by layer. */
  readonly all: readonly LayerStatistic[]
}

/** Experiment 4: share of positions whose closest token is their own, by layer. */
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

/** Experiment 5: does a minimal shift mean a minimal effect? */
export interface EffectFigure {
  readonly n: number
  /** Share of substitutions that change the label. */
  readonly flips: number
  readonly points: {
    readonly shift: Float32Array
    readonly lastDistance: Float32Array
    /** |probability after - before| of the label before. */
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

/** Experiment 5: D_l(a + b) against D_l(a) + D_l(b). */
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
  /** At the last layer. */
  readonly points: { readonly sum: Float32Array; readonly both: Float32Array }
}

/** Experiment 5: the other perturbations beside the nearest substitution, at the same random positions. */
export interface PerturbationsFigure {
  readonly kinds: readonly {
    readonly perturbation: Perturbation
    readonly n: number
    readonly meanShift: number
    readonly layers: readonly LayerStatistic[]
    /** Share of label changes; NaN without a head. */
    readonly flips: number
    readonly meanChange: number
  }[]
}

/** Every figure of a run; null where the run has no such records. */
export interface Figures {
  readonly frequency: FrequencyFigure | null
  readonly commonness: CommonnessFigure | null
  readonly propagation: PropagationFigure | null
  readonly identifiability: IdentifiabilityFigure | null
  readonly effect: EffectFigure | null
  readonly pairs: PairsFigure | null
  readonly perturbations: PerturbationsFigure | null
}

/** What is drawn as points: one an occurrence, or one a token type (the mean of its occurrences). */
export interface ScatterPoints {
  readonly of: 'occurrences' | 'types'
  readonly norm: Norm
  readonly tokenIds: Uint32Array
  /** 0..1 */
  readonly commonness: Float32Array
  readonly shift: Float32Array
  /** Occurrences behind the point. */
  readonly counts: Uint32Array
  /** Row of the table `occurrences`; of a type its first. */
  readonly rows: Uint32Array
}

import type { ModelInfo } from '../explorer'
import type { NeighborFilters } from '../measures/neighbor'
import type { PatchDirection } from '../measures/patching'
import type { Carrier } from '../measures/patchSweep'
import type { TokenizedText } from '../text/token'

export interface EncodedTexts {
  /** Ids of each text, special tokens included, cut at the model's limit; empty if only counts were asked for. */
  readonly inputIds: readonly Uint32Array[]
  /** True for each text that is longer than the limit. */
  readonly truncated: readonly boolean[]
  /** Ids of the tokens of all texts, uncut, ascending, special tokens left out; `counts` says how often each occurs. */
  readonly tokenIds: Uint32Array
  readonly counts: Uint32Array
}

export interface SubstitutesRequest {
  readonly tokenIds: readonly number[]
  /** Number of nearest tokens, 1..50. */
  readonly k: number
  readonly filters: NeighborFilters
}

export interface Substitutes {
  /** [t, k] nearest first (eq. 1); `NONE` where the filters leave fewer. */
  readonly ids: Uint32Array
  /** [t, k] */
  readonly cosines: Float32Array
}

/** Describes one changed sequence: other ids of the same length, or the original without one position. */
export type Variant =
  | { readonly inputIds: readonly number[]; readonly removed?: undefined }
  | { readonly removed: number }

/** Says what the maps of one run are learned from so far. */
export interface LearnedStatus {
  /** Texts of the sample that were added. */
  readonly sequences: readonly number[]
  /** Layers whose map is fitted. */
  readonly layers: number
}

export interface LearnRequest {
  /** Names the run. */
  readonly key: string
  /** Index of the text in the sample. */
  readonly sequence: number
  readonly inputIds: readonly number[]
  /** Positions whose hidden states are learned from. */
  readonly positions: readonly number[]
}

/** Holds what is read at positions of a text besides the naive ranks, [positions, L+1] each. */
export interface LearnedReadings {
  /** Rank of the token among all by the l2 distance of W_v from h_l. */
  readonly l2: Uint32Array
  /** Rank of the token among all by the cosine of W_v with the mapped h_l. */
  readonly learned: Uint32Array
  /** Mean cosine of h_l with the hidden states of layer l that were learned from. */
  readonly similarity: Float32Array
}

export interface CarriedRequest {
  readonly inputIds: readonly number[]
  /** [n] of the changed text, at least one id another. */
  readonly changedIds: readonly number[]
  readonly direction: PatchDirection
  /** 0..L */
  readonly layer: number
  readonly parts: readonly Carrier[]
}

/** Holds how much of a change's effect some parts of one layer carry. */
export interface CarriedShares {
  /** E */
  readonly effect: number
  /** [parts]; null where the effect is within rounding. */
  readonly shares: readonly number[] | null
}

export interface VariantMeasures {
  /** [b, 3] l1, l2, linf of h_0(x) - h_0(x') over all entries (after a removal: of the positions that remain). */
  readonly shifts: Float32Array
  /** [b, L+1] D_l over the whole sequence, summed in float64. */
  readonly distances: Float32Array
  /** [b, L+1] the same over the positions whose token was changed; NaN after a removal, which leaves none. */
  readonly ownDistances: Float32Array
  /** [labels] of the original; null without a head. */
  readonly logitsBefore: Float32Array | null
  /** [b, labels] */
  readonly logitsAfter: Float32Array | null
}

/**
 * Answers what a run over a corpus asks of a model: batches in, numbers out, no strings or hidden states. Implemented
 * over onnxruntime (engine), and across a worker, where each call is one entry of the queue behind the user's own
 * requests: callers limit a call to about one forward of the longest sequence.
 */
export interface CorpusEngine {
  info(): Promise<ModelInfo>
  vocabulary(): Promise<readonly string[]>
  /** Returns the ids of [CLS], [SEP], [PAD]: never candidates for substitution. */
  framingIds(): Promise<readonly number[]>
  /** Returns all ids that are special by the tokenizer ([UNK], [MASK] among them): never random substitutes. */
  specialIds(): Promise<readonly number[]>
  /** Returns the id of the mask token; null if the tokenizer has none. */
  maskId(): Promise<number | null>
  /** Tokenizes one text, with the offsets of its tokens. */
  tokenize(text: string): Promise<TokenizedText>
  encodeTexts(texts: readonly string[], options: { readonly ids: boolean }): Promise<EncodedTexts>
  substitutes(request: SubstitutesRequest): Promise<Substitutes>
  /**
   * Returns [n, 3] l1, l2, linf of h_0(x) - h_0(x`) for each position if it alone is substituted; zeros where the two ids
   * are equal.
   */
  shifts(inputIds: readonly number[], substituteIds: readonly number[]): Promise<Float32Array>
  /**
   * Measures variants of one sequence against it. Encodes the original first if its hidden states are not in memory;
   * without variants, does only that.
   *
   * @param options.together the original is encoded anew, in one forward with variants of its length
   */
  measureVariants(
    inputIds: readonly number[],
    variants: readonly Variant[],
    options?: { readonly together?: boolean },
  ): Promise<VariantMeasures>
  /**
   * Returns [positions, L+1] rank of the token at each position among all tokens by cos(h_l, W_v); 1 is the closest.
   */
  ranks(inputIds: readonly number[], positions: readonly number[]): Promise<Uint32Array>
  /**
   * Returns the share of a change's effect that parts of one layer carry, each a patched run; all of them in one forward.
   * Without parts it says the effect alone. A causal language model is asked behind the last token; a masked one, and a
   * model without a head, has D_L for its outcome.
   */
  carriedShares(request: CarriedRequest): Promise<CarriedShares>
  /** Says what is learned for a run; nothing after the model was opened again, or for another run. */
  learned(key: string): Promise<LearnedStatus>
  /** Adds a text to those from which the maps of a run are learned; the same text again changes nothing. */
  learnFrom(request: LearnRequest): Promise<void>
  /** Fits the map of the next layer: of h_0 first. */
  fitLayer(key: string): Promise<void>
  /** Reads a text with the maps of a run; `not-ready` where not all are fitted. */
  learnedRanks(
    key: string,
    inputIds: readonly number[],
    positions: readonly number[],
  ): Promise<LearnedReadings>
}

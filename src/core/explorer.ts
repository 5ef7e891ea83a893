import type { Measurement } from './measurement'
import type { ModelHead, ModelSource, WeightsFormat } from './modelSource'
import type { Neighbor, NeighborFilters } from './neighbor'
import type { PredictionKind } from './prediction'
import type { Provenance } from './provenance'
import type { Substitution } from './substitution'
import type { TokenizedText } from './token'
import type {
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from './tokenPrediction'

export type { ModelSource } from './modelSource'

export interface ModelInfo {
  readonly id: string
  /** transformers' `model_type`. */
  readonly family: string
  /** L: encoder layers, h_0 not counted. */
  readonly layers: number
  /** d */
  readonly width: number
  readonly vocabularySize: number
  /** Longest sequence, special tokens included. */
  readonly maxTokens: number
  /** Empty where the model has no classification head. */
  readonly labels: readonly string[]
  readonly parameters: number
  readonly bytes: number
  readonly provenance: Provenance
  /** Absent in results that were shipped before there was another family: BERT, with a classifier where it has labels. */
  readonly details?: ModelDetails
}

export interface ModelDetails {
  readonly head: ModelHead
  /** How a classifier's logits read; absent: softmax. */
  readonly prediction?: PredictionKind
  /** Whether a change reaches only later positions. */
  readonly causal: boolean
  readonly format: WeightsFormat
  /** Weights files, by name. */
  readonly files: readonly string[]
  /** Whether it can be read again without fetching it again. */
  readonly kept: boolean
  /** The token that stands for a hidden one; only of masked language models whose tokenizer names it. */
  readonly maskId?: number
}

/** What is under way while a model opens. Bytes where known, for a bar in MB. */
export interface LoadProgress {
  readonly stage: 'runtime' | 'files' | 'session'
  readonly loadedBytes: number
  readonly totalBytes: number
}

export interface NeighborsRequest {
  readonly inputIds: readonly number[]
  readonly positions: readonly number[]
  /** 1..50 */
  readonly k: number
  readonly filters: NeighborFilters
  /** Also report these tokens, after the k nearest, in this order: what a user typed. */
  readonly also?: readonly number[]
}

export interface MeasureRequest {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
}

export interface ClosestTokensRequest {
  readonly inputIds: readonly number[]
  /** None: the original's hidden states. */
  readonly substitutions: readonly Substitution[]
  readonly layers: readonly number[]
  readonly positions: readonly number[]
  readonly k: number
}

export interface ClosestToken {
  readonly tokenId: number
  readonly token: string
  /** cos(h_l,j , W_v) */
  readonly cosine: number
}

/** What a hidden state reads as: the k closest rows of the word table, best first. */
export interface ClosestTokens {
  readonly layer: number
  readonly position: number
  readonly tokens: readonly ClosestToken[]
}

/**
 * One model, opened, and what can be asked of it. Implemented over onnxruntime (engine), across a worker (worker), and
 * from results shipped with the page (core/snapshot). Rejections are `FailureError`s.
 */
export interface Explorer {
  load(source: ModelSource, onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo>
  /** Every vocabulary entry, by id. */
  vocabulary(): Promise<readonly string[]>
  tokenize(text: string): Promise<TokenizedText>
  /** For each position asked, the k nearest other tokens (eq. 1), best first, exact over the whole table. */
  neighbors(request: NeighborsRequest): Promise<readonly (readonly Neighbor[])[]>
  measure(request: MeasureRequest): Promise<Measurement>
  closestTokens(request: ClosestTokensRequest): Promise<readonly ClosestTokens[]>
  /** What a language model's head expects at a place; `invalid-request` where the model has no such head. */
  predictTokens(request: TokenPredictionRequest): Promise<TokenPrediction>
  /** ln p of the text's own tokens: one forward in causal models, one a position in masked ones. */
  tokenLikelihoods(request: TokenLikelihoodsRequest): Promise<readonly TokenLikelihood[]>
  dispose(): Promise<void>
}

/**
 * `act`: the user waits for it. `soon`: it will be seen without another click. `ahead`: it may never be asked for.
 * `corpus`: a run over many texts, behind all of these.
 */
export type Priority = 'act' | 'soon' | 'ahead' | 'corpus'

export interface RequestOptions {
  readonly priority: Priority
  /** A newer request in the same lane cancels older ones still queued there: they reject with kind `cancelled`. */
  readonly lane?: string
  /** Aborts once nobody wants the answer: a request that still waits is never sent. */
  readonly signal?: AbortSignal
}

/** Methods that take forwards: they wait for one another. */
type Queued = Exclude<keyof Explorer, 'load' | 'vocabulary' | 'tokenize' | 'dispose'>

/** The measures of an open model. */
export type Measures = Pick<Explorer, Queued>

/** The part of an explorer that questions about texts are asked of. */
export type AnsweringExplorer = Omit<PrioritizedExplorer, 'load' | 'vocabulary' | 'dispose'>

/** An Explorer behind a queue (worker/client): each request may say how urgent it is. */
export type PrioritizedExplorer = Omit<Explorer, Queued> & {
  [Method in Queued]: (
    request: Parameters<Explorer[Method]>[0],
    options?: RequestOptions,
  ) => ReturnType<Explorer[Method]>
}

import type { LayerAnswers, LayerAnswersRequest } from './measures/layerAnswers'
import type { Measurement } from './measures/measurement'
import type { Neighbor, NeighborFilters } from './measures/neighbor'
import type { PatchedRuns, PatchRequest } from './measures/patching'
import type { PredictionKind } from './measures/prediction'
import type { Substitution } from './measures/substitution'
import type { TableNeighbors, TableNeighborsRequest } from './measures/tableGeometry'
import type {
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from './measures/tokenPrediction'
import type { ModelHead, ModelSource, WeightsFormat } from './modelSource'
import type { Provenance } from './session/provenance'
import type { TokenizedText } from './text/token'

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
  /** Labels as the model names them, where `labels` are the user's own names; else absent. */
  readonly originalLabels?: readonly string[]
  readonly parameters: number
  readonly bytes: number
  readonly provenance: Provenance
  /** Absent in results shipped before other families were supported: then BERT, with a classifier if it has labels. */
  readonly details?: ModelDetails
}

export interface ModelDetails {
  readonly head: ModelHead
  /** Meaning of a classifier's logits; absent: softmax. */
  readonly prediction?: PredictionKind
  /** True if a change reaches only later positions. */
  readonly causal: boolean
  readonly format: WeightsFormat
  /** Names of the weights files. */
  readonly files: readonly string[]
  /** True if it can be read again without downloading it again. */
  readonly kept: boolean
  /** Name of the tokenizer where it is not the model's own: `built-in`, a folder, or a model of the Hub. */
  readonly tokenizer?: string
  /** Id of the mask token; only of masked language models whose tokenizer names it. */
  readonly maskId?: number
}

/** Reports the present stage while a model opens, with bytes where known, for a progress bar in MB. */
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
  /** Further tokens to report, such as one that a user typed, after the k nearest and in this order. */
  readonly also?: readonly number[]
}

export interface MeasureRequest {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
}

export interface ClosestTokensRequest {
  readonly inputIds: readonly number[]
  /** Empty: the original's hidden states are read. */
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

/** Holds the k rows of the word table that are closest to a hidden state, best first. */
export interface ClosestTokens {
  readonly layer: number
  readonly position: number
  readonly tokens: readonly ClosestToken[]
}

/**
 * Answers questions about one open model. Implemented over onnxruntime (engine), across a worker (worker), and from
 * results shipped with the page (core/session/snapshot). Rejections are `FailureError`s.
 */
export interface Explorer {
  load(source: ModelSource, onProgress?: (progress: LoadProgress) => void): Promise<ModelInfo>
  /** Returns every vocabulary entry, by id. */
  vocabulary(): Promise<readonly string[]>
  tokenize(text: string): Promise<TokenizedText>
  /** Returns the k nearest other tokens (eq. 1) of each position, best first, exact over the whole table. */
  neighbors(request: NeighborsRequest): Promise<readonly (readonly Neighbor[])[]>
  measure(request: MeasureRequest): Promise<Measurement>
  closestTokens(request: ClosestTokensRequest): Promise<readonly ClosestTokens[]>
  /**
   * Returns the prediction of a language model's head at a position; `invalid-request` if the model has no such head.
   */
  predictTokens(request: TokenPredictionRequest): Promise<TokenPrediction>
  /** Returns ln p of the text's own tokens: one forward in causal models, one per position in masked ones. */
  tokenLikelihoods(request: TokenLikelihoodsRequest): Promise<readonly TokenLikelihood[]>
  /**
   * Returns the outcome of one text of a change with hidden states of the other put in their place, for each patch;
   * `unsupported-model` for ONNX files of another exporter.
   */
  patch(request: PatchRequest): Promise<PatchedRuns>
  /**
   * Returns what the head answers to the hidden states of every layer, in both texts; `invalid-request` without a head,
   * `unsupported-model` for ONNX files of another exporter.
   */
  answersByLayer(request: LayerAnswersRequest): Promise<LayerAnswers>
  /** Returns the nearest rows of some rows of the word table: `measureTableGeometry` asks for all, block by block. */
  tableNeighbors(request: TableNeighborsRequest): Promise<TableNeighbors>
  dispose(): Promise<void>
}

/**
 * Ranks how urgent a request is. `act`: the user waits for it. `soon`: it will be seen without another click. `ahead`:
 * it may never be asked for. `corpus`: a run over many texts, after all of these.
 */
export type Priority = 'act' | 'soon' | 'ahead' | 'corpus'

export interface RequestOptions {
  readonly priority: Priority
  /** Queue in which a newer request cancels older ones that still wait: they reject with kind `cancelled`. */
  readonly lane?: string
  /** Aborts when nobody needs the answer any more: a request that still waits is never sent. */
  readonly signal?: AbortSignal
}

/** Names the methods that run forwards: they wait for one another. */
type Queued = Exclude<keyof Explorer, 'load' | 'vocabulary' | 'tokenize' | 'dispose'>

/** Measures with an open model. */
export type Measures = Pick<Explorer, Queued>

/** Answers questions about texts: an explorer without what concerns the model alone. */
export type AnsweringExplorer = Omit<
  PrioritizedExplorer,
  'load' | 'vocabulary' | 'tableNeighbors' | 'dispose'
>

/** Wraps an Explorer in a queue (worker/client): each request may say how urgent it is. */
export type PrioritizedExplorer = Omit<Explorer, Queued> & {
  [Method in Queued]: (
    request: Parameters<Explorer[Method]>[0],
    options?: RequestOptions,
  ) => ReturnType<Explorer[Method]>
}

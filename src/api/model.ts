import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusRun } from '../core/corpus/run'
import type {
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
} from '../core/explorer'
import type { ExploreExport } from '../core/exports/exploreExport'
import type { LayerAnswers, LayerAnswersRequest } from '../core/measures/layerAnswers'
import type { Measurement } from '../core/measures/measurement'
import type { Neighbor } from '../core/measures/neighbor'
import { NO_FILTERS } from '../core/measures/neighbor'
import type { PatchedRuns, PatchRequest } from '../core/measures/patching'
import {
  measureTableGeometry,
  type TableGeometry,
  type TableGeometryOptions,
} from '../core/measures/tableGeometry'
import type {
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../core/measures/tokenPrediction'
import type { TokenizedText } from '../core/text/token'
import { createCorpusEngine } from '../engine/corpusEngine'
import type { OpenedModel } from '../engine/openedModel'
import { type ExploreRequest, explore } from './explore'
import { runOverTexts, type TextsRunOptions } from './runTexts'

/** Answers questions about one open model. Rejections are `FailureError`s. */
export interface Model {
  readonly info: ModelInfo
  /** Vocabulary entries, by id. */
  readonly vocabulary: readonly string[]
  tokenize(text: string): TokenizedText
  /** Returns the k nearest other tokens (eq. 1) of each position, best first. */
  neighbors(request: NeighborsRequest): Promise<readonly (readonly Neighbor[])[]>
  /** Measures one change: distances at every layer and position, shift and logits. */
  measure(request: MeasureRequest): Promise<Measurement>
  /** Returns the tokens closest to hidden states. */
  closestTokens(request: ClosestTokensRequest): Promise<readonly ClosestTokens[]>
  /**
   * Returns the prediction of a language model's head at a position; `invalid-request` if the model has no such head.
   */
  predictTokens(request: TokenPredictionRequest): Promise<TokenPrediction>
  /** Returns ln p of the text's own tokens, in nats: one forward in causal models, one per position in masked ones. */
  tokenLikelihoods(request: TokenLikelihoodsRequest): Promise<readonly TokenLikelihood[]>
  /**
   * Runs one text of a change with hidden states of the other in their place, once for each patch; `effectShare` gives the
   * share of the effect that each carries. `unsupported-model` for ONNX files of another exporter.
   */
  patch(request: PatchRequest): Promise<PatchedRuns>
  /** Returns what the head answers to the hidden states of every layer, in both texts of a change. */
  answersByLayer(request: LayerAnswersRequest): Promise<LayerAnswers>
  /** Measures the geometry of the whole word table (measures.md), block by block. */
  tableGeometry(options?: Omit<TableGeometryOptions, 'vocabularySize'>): Promise<TableGeometry>
  /**
   * Measures one substitution in one text: returns the object of `ripplescope explore --json` and of the page's export.
   */
  explore(
    request: Pick<ExploreRequest, 'text' | 'position'> & Partial<ExploreRequest>,
  ): Promise<ExploreExport>
  /** Runs the experiments of the paper over texts, in memory: `computeFigures` computes the figures from the result. */
  run(texts: Iterable<string>, options?: TextsRunOptions): Promise<CorpusRun>
  /** Engine of the runs, for experiments of the user's own. */
  readonly corpus: CorpusEngine
  /** Releases the sessions' memory; the model answers nothing afterwards. */
  release(): Promise<void>
}

/** Wraps an opened model as the library shows it. */
export function libraryModel(opened: OpenedModel): Model {
  const corpus = createCorpusEngine(opened)
  return {
    info: opened.info,
    vocabulary: opened.vocabulary,
    tokenize: (text) => opened.tokenize(text),
    neighbors: (request) => opened.neighbors(request),
    measure: (request) => opened.measure(request),
    closestTokens: (request) => opened.closestTokens(request),
    predictTokens: (request) => opened.predictTokens(request),
    tokenLikelihoods: (request) => opened.tokenLikelihoods(request),
    patch: (request) => opened.patch(request),
    answersByLayer: (request) => opened.answersByLayer(request),
    tableGeometry: (options) =>
      measureTableGeometry((request) => opened.tableNeighbors(request), {
        vocabularySize: opened.info.vocabularySize,
        ...options,
      }),
    explore: (request) => explore(opened, { substitute: null, filters: NO_FILTERS, ...request }),
    run: (texts, options) => runOverTexts(corpus, texts, options),
    corpus,
    release: () => opened.release(),
  }
}

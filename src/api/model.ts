import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { CorpusRun } from '../core/corpus/run'
import type { ExploreExport } from '../core/exploreExport'
import type {
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
} from '../core/explorer'
import type { Measurement } from '../core/measurement'
import type { Neighbor } from '../core/neighbor'
import { NO_FILTERS } from '../core/neighbor'
import type { TokenizedText } from '../core/token'
import type {
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../core/tokenPrediction'
import { createCorpusEngine } from '../engine/corpusEngine'
import type { OpenedModel } from '../engine/openedModel'
import { type ExploreRequest, explore } from './explore'
import { runOverTexts, type TextsRunOptions } from './runTexts'

/** One model, open, and what can be asked of it. Rejections are `FailureError`s. */
export interface Model {
  readonly info: ModelInfo
  /** Every vocabulary entry, by id. */
  readonly vocabulary: readonly string[]
  tokenize(text: string): TokenizedText
  /** For each position asked, the k nearest other tokens (eq. 1), best first. */
  neighbors(request: NeighborsRequest): Promise<readonly (readonly Neighbor[])[]>
  /** Distances at every layer and position, shift and logits of one change. */
  measure(request: MeasureRequest): Promise<Measurement>
  /** What hidden states read as. */
  closestTokens(request: ClosestTokensRequest): Promise<readonly ClosestTokens[]>
  /** What a language model's head expects at a place; `invalid-request` where the model has no such head. */
  predictTokens(request: TokenPredictionRequest): Promise<TokenPrediction>
  /** ln p of the text's own tokens, in nats: one forward in causal models, one a position in masked ones. */
  tokenLikelihoods(request: TokenLikelihoodsRequest): Promise<readonly TokenLikelihood[]>
  /** One substitution in one text: the object of `ripplescope explore --json` and of the page's export. */
  explore(
    request: Pick<ExploreRequest, 'text' | 'position'> & Partial<ExploreRequest>,
  ): Promise<ExploreExport>
  /** The experiments of the paper over texts, in memory: `computeFigures` draws its figures' numbers from it. */
  run(texts: Iterable<string>, options?: TextsRunOptions): Promise<CorpusRun>
  /** What runs are made of, for experiments of one's own. */
  readonly corpus: CorpusEngine
  /** Gives the sessions' memory back; the model can be asked nothing afterwards. */
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
    explore: (request) => explore(opened, { substitute: null, filters: NO_FILTERS, ...request }),
    run: (texts, options) => runOverTexts(corpus, texts, options),
    corpus,
    release: () => opened.release(),
  }
}

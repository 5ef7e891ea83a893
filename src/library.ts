import type { ExploreRequest } from './cli/explore'
import type { TextsRunOptions } from './cli/textsRun'
import type { CorpusEngine } from './core/corpus/corpusEngine'
import type { CorpusRun } from './core/corpus/run'
import type { ExploreExport } from './core/exploreExport'
import type {
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
} from './core/explorer'
import type { Measurement } from './core/measurement'
import type { Neighbor } from './core/neighbor'
import type { TokenizedText } from './core/token'
import type {
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from './core/tokenPrediction'

export { computeFigures, type FigureOptions } from './core/corpus/computeFigures'
export type {
  CorpusEngine,
  EncodedTexts,
  Substitutes,
  SubstitutesRequest,
  Variant,
  VariantMeasures,
} from './core/corpus/corpusEngine'
export type * from './core/corpus/figures'
export {
  type ColumnArrays,
  type ColumnSchema,
  type ColumnType,
  type ColumnValues,
  NONE,
  type RecordTable,
  type RecordTables,
  TABLES,
  type TableName,
  tableSchemas,
} from './core/corpus/records'
export type {
  CorpusOrigin,
  CorpusRun,
  RunHeader,
  RunProgress,
  RunStatus,
  TokenCounts,
  TokenNames,
} from './core/corpus/run'
export { DEFAULT_SETTINGS } from './core/corpus/runLink'
export {
  PERTURBATIONS,
  type Perturbation,
  PLACES,
  type Place,
  type RunSettings,
} from './core/corpus/runSettings'
export {
  type ExploreExport,
  type ExportedResults,
  type ExportedSubstitution,
  formatExploreJson,
  type NamedToken,
} from './core/exploreExport'
export type {
  ClosestToken,
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelDetails,
  ModelInfo,
  NeighborsRequest,
} from './core/explorer'
export { type Failure, FailureError, type FailureKind } from './core/failure'
export {
  type LayerDistance,
  layerwiseDistances,
  type Measurement,
} from './core/measurement'
export type { ModelHead, WeightsFormat } from './core/modelSource'
export { type Neighbor, type NeighborFilters, NO_FILTERS } from './core/neighbor'
export { NORMS, type Norm } from './core/norm'
export { type PredictionChange, predictionChange } from './core/prediction'
export type { Provenance } from './core/provenance'
export { combineShifts, type Shift, shiftBetween } from './core/shift'
export { type Substitution, substituteTokens } from './core/substitution'
export { inputIdsOf, type Token, type TokenizedText } from './core/token'
export type {
  NextTokenChange,
  PredictedToken,
  TokenChance,
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from './core/tokenPrediction'
export type { ShippedFigures } from './corpus/files/figuresFile'
export { type RunFile, readRunFile, writeRunFile } from './corpus/files/runFile'
export type { ModelFiles } from './engine/modelFiles'
export type { WeightsFile } from './weights/checkpoint'
export type { ExploreRequest, TextsRunOptions }

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

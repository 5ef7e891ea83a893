export type {
  CarriedRequest,
  CarriedShares,
  CorpusEngine,
  EncodedTexts,
  LearnedReadings,
  LearnedStatus,
  LearnRequest,
  Substitutes,
  SubstitutesRequest,
  Variant,
  VariantMeasures,
} from '../core/corpus/corpusEngine'
export { computeFigures, type FigureOptions } from '../core/corpus/figures/computeFigures'
export type * from '../core/corpus/figures/figures'
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
} from '../core/corpus/records/records'
export type {
  CorpusOrigin,
  CorpusRun,
  RunHeader,
  RunProgress,
  RunStatus,
  TokenCounts,
  TokenNames,
} from '../core/corpus/run'
export { DEFAULT_SETTINGS } from '../core/corpus/runLink'
export {
  CAUSAL_READINGS,
  type CausalReading,
  type ColumnSettings,
  PERTURBATIONS,
  type Perturbation,
  PLACES,
  type Place,
  type RunSettings,
} from '../core/corpus/runSettings'
export type {
  ClosestToken,
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelDetails,
  ModelInfo,
  NeighborsRequest,
} from '../core/explorer'
export {
  type ExploreExport,
  type ExportedResults,
  type ExportedSubstitution,
  formatExploreJson,
  type NamedToken,
} from '../core/exports/exploreExport'
export { type Failure, FailureError, type FailureKind } from '../core/failure'
export type { ByLayer, LayerAnswers, LayerAnswersRequest } from '../core/measures/layerAnswers'
export {
  type LayerDistance,
  layerwiseDistances,
  type Measurement,
} from '../core/measures/measurement'
export { type Neighbor, type NeighborFilters, NO_FILTERS } from '../core/measures/neighbor'
export { NORMS, type Norm } from '../core/measures/norm'
export {
  effectShare,
  isWithinRounding,
  type Outcome,
  type PatchDirection,
  type PatchedRun,
  type PatchedRuns,
  type PatchRequest,
} from '../core/measures/patching'
export { CARRIERS, type Carrier, LAYER_PARTS, type LayerPart } from '../core/measures/patchSweep'
export {
  type BeforeAndAfter,
  type PredictionChange,
  type PredictionKind,
  predictionChange,
} from '../core/measures/prediction'
export { combineShifts, type Shift, shiftBetween } from '../core/measures/shift'
export type { StatePatch } from '../core/measures/statePatch'
export { type Substitution, substituteTokens } from '../core/measures/substitution'
export {
  type Hubness,
  hubness,
  type LeftOut,
  type MeasureAgreement,
  NOTHING_LEFT_OUT,
  TABLE_MEASURES,
  type TableGeometry,
  type TableGeometryOptions,
  type TableMeasure,
} from '../core/measures/tableGeometry'
export type {
  NextTokenChange,
  PredictedToken,
  TokenChance,
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../core/measures/tokenPrediction'
export type { ModelHead, WeightsFormat } from '../core/modelSource'
export type { Provenance } from '../core/session/provenance'
export { inputIdsOf, type Token, type TokenizedText } from '../core/text/token'
export type { ShippedFigures } from '../corpus/files/figuresFile'
export { type RunFile, readRunFile, writeRunFile } from '../corpus/files/runFile'
export type { ModelFiles } from '../engine/modelFiles'
export type { VocabularyFiles } from '../engine/tokenizer/slowVocabulary'
export type { WeightsFile } from '../weights/checkpoint'
export type { ExploreRequest } from './explore'
export type { HubModel } from './hubModel'
export type { Model } from './model'
export type { TextsRunOptions } from './runTexts'

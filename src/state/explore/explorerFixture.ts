import type {
  ClosestTokensRequest,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
  PrioritizedExplorer,
  RequestOptions,
} from '../../core/explorer'
import { type Failure, FailureError } from '../../core/failure'
import type { LayerAnswers, LayerAnswersRequest } from '../../core/measures/layerAnswers'
import type { Measurement } from '../../core/measures/measurement'
import type { Neighbor } from '../../core/measures/neighbor'
import type { PatchedRuns, PatchRequest } from '../../core/measures/patching'
import type { Substitution } from '../../core/measures/substitution'
import {
  everyMeasure,
  type TableNeighbors,
  type TableNeighborsRequest,
} from '../../core/measures/tableGeometry'
import type {
  PredictedToken,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../../core/measures/tokenPrediction'
import type { Provenance } from '../../core/session/provenance'
import type { TokenizedText } from '../../core/text/token'

/**
 * Provenance for tests: two layers, one token a word, ids by word length, and answers that come when the test says so.
 */
export const PROVENANCE: Provenance = {
  modelId: 'tiny',
  sha256: 'a'.repeat(64),
  precision: 'fp32',
  device: 'test',
  shipped: false,
}

export const INFO: ModelInfo = {
  id: 'tiny',
  family: 'bert',
  layers: 2,
  width: 4,
  vocabularySize: 1000,
  maxTokens: 512,
  labels: ['NEGATIVE', 'POSITIVE'],
  parameters: 1,
  bytes: 1,
  provenance: PROVENANCE,
}

export function tokenizeWords(text: string): TokenizedText {
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    id: 100 + word.length,
    text: word,
    special: false,
    start: index,
    end: index + word.length,
  }))
  const special = (id: number, name: string) => ({ id, text: name, special: true, start: 0, end: 0 })
  const tokens = [special(1, '[CLS]'), ...words, special(2, '[SEP]')]
  return { text, tokens, truncatedAt: null, totalTokens: tokens.length, totalIsAtLeast: false }
}

export function neighborOf(tokenId: number, shift: number): Neighbor {
  return {
    tokenId,
    token: `t${tokenId}`,
    cosine: 1 / shift,
    shift: { l1: 2 * shift, l2: shift, linf: shift / 2 },
    rawShift: { l1: shift, l2: shift, linf: shift },
  }
}

/**
 * Returns k neighbours: the k-th (from 1) of the token at a position is 10 * position + k, at a shift of position + k.
 */
export function neighborsAt(position: number, k: number): Neighbor[] {
  return Array.from({ length: k }, (_, i) => neighborOf(10 * position + i + 1, position + i + 1))
}

export function measurementOf(
  positions: number,
  substitutions: readonly Substitution[],
  provenance = PROVENANCE,
): Measurement {
  const layers = INFO.layers + 1
  const filled = (value: number) => new Float32Array(layers * positions).fill(value)
  const moved = substitutions.length === 0 ? 0 : 1
  return {
    substitutions,
    layers,
    positions,
    distances: filled(moved),
    originalNorms: filled(10),
    perturbedNorms: filled(10),
    shift: { l1: moved, l2: moved, linf: moved },
    logits: { before: [0, 1], after: [0, 1 - moved / 2] },
    provenance,
  }
}

/** Returns a prediction in which token 7 is first before a change, and token 8 after it. */
export function predictionOf({
  position,
  substitutions,
  k,
  also = [],
}: TokenPredictionRequest): TokenPrediction {
  const moved = substitutions.length > 0
  const predicted = (tokenId: number): PredictedToken => ({
    tokenId,
    token: `t${tokenId}`,
    before: { probability: 1 / tokenId, rank: tokenId },
    after: { probability: (moved ? 0.5 : 1) / tokenId, rank: tokenId },
  })
  const from = (first: number) => Array.from({ length: k }, (_, i) => predicted(first + i))
  return {
    position,
    before: from(7),
    after: from(moved ? 8 : 7),
    also: also.map(predicted),
    entropy: { before: 2, after: moved ? 3 : 2 },
    divergence: moved ? 0.25 : 0,
    flips: moved,
  }
}

/** Returns runs in which the share restored of a cell is (10 layer + position) / 100; an effect of -2. */
export function patchedOf({ direction, patches }: PatchRequest): PatchedRuns {
  const runs = patches.map(({ layers, positions }) => {
    const share = (10 * layers[0] + positions[0]) / 100
    const value = direction === 'restore' ? -1 + 2 * share : 1 - 2 * share
    return { value, logits: [0, value], token: null }
  })
  return {
    outcome: 'logit-difference',
    direction,
    before: 1,
    after: -1,
    rounding: 1e-4,
    token: null,
    runs,
  }
}

/** Returns logits that move from 0 to the measurement's own over the layers. */
export function layerAnswersOf({ substitutions }: LayerAnswersRequest): LayerAnswers {
  const moved = substitutions.length === 0 ? 0 : 1
  const rows = (last: number) =>
    Array.from({ length: INFO.layers + 1 }, (_, l) => [0, (l * last) / INFO.layers])
  return { kind: 'labels', logits: { before: rows(1), after: rows(1 - moved / 2) } }
}

export interface Call {
  readonly method:
    | 'tokenize'
    | 'neighbors'
    | 'measure'
    | 'closestTokens'
    | 'predictTokens'
    | 'tokenLikelihoods'
    | 'patch'
    | 'answersByLayer'
    | 'tableNeighbors'
  readonly request: unknown
  readonly options: RequestOptions | undefined
  resolve(): Promise<void>
  reject(failure: Failure): Promise<void>
}

/** Makes the next entries of a table the nearest ones, by every measure. */
export function tableNeighborsOf({ first, count, k }: TableNeighborsRequest): TableNeighbors {
  const tokenIds = Uint32Array.from({ length: count }, (_, i) => first + i)
  const ids = Uint32Array.from(
    { length: count * k },
    (_, i) => (first + Math.floor(i / k) + 1 + (i % k)) % INFO.vocabularySize,
  )
  return {
    tokenIds,
    ids: everyMeasure(() => ids),
    cosines: Float64Array.from(ids, () => 0.5),
    unitSum: new Float64Array(4).fill(count / 2),
  }
}

export interface TestExplorer extends PrioritizedExplorer {
  /** Every question ever asked, in order. */
  readonly calls: Call[]
  /** Questions that are not answered yet. */
  readonly open: Call[]
  /** Answers open questions and those that follow from them; at most `limit` answers. */
  answerAll(limit?: number): Promise<void>
  measured(): (readonly Substitution[])[]
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

export function createTestExplorer(provenance = PROVENANCE): TestExplorer {
  const calls: Call[] = []
  const open: Call[] = []

  function asked<T>(
    method: Call['method'],
    request: unknown,
    options: RequestOptions | undefined,
    answer: () => T,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const close = () => {
        open.splice(open.indexOf(call), 1)
        return settle()
      }
      const call: Call = {
        method,
        request,
        options,
        resolve: () => {
          resolve(answer())
          return close()
        },
        reject: (failure) => {
          reject(new FailureError(failure))
          return close()
        },
      }
      calls.push(call)
      open.push(call)
    })
  }

  return {
    calls,
    open,
    load: async () => INFO,
    vocabulary: async () => Array.from({ length: INFO.vocabularySize }, (_, id) => `t${id}`),
    dispose: async () => {},
    tokenize: (text) => asked('tokenize', text, undefined, () => tokenizeWords(text)),
    neighbors: (request: NeighborsRequest, options?: RequestOptions) =>
      asked('neighbors', request, options, () =>
        request.positions.map((position) => [
          ...neighborsAt(position, request.k),
          ...(request.also ?? []).map((tokenId) => neighborOf(tokenId, 500)),
        ]),
      ),
    measure: (request: MeasureRequest, options?: RequestOptions) =>
      asked('measure', request, options, () =>
        measurementOf(request.inputIds.length, request.substitutions, provenance),
      ),
    closestTokens: (request: ClosestTokensRequest, options?: RequestOptions) =>
      asked('closestTokens', request, options, () =>
        request.layers.flatMap((layer) =>
          request.positions.map((position) => ({
            layer,
            position,
            tokens: [{ tokenId: position, token: `t${position}`, cosine: request.substitutions.length }],
          })),
        ),
      ),
    predictTokens: (request: TokenPredictionRequest, options?: RequestOptions) =>
      asked('predictTokens', request, options, () => predictionOf(request)),
    tokenLikelihoods: (request: TokenLikelihoodsRequest, options?: RequestOptions) =>
      asked('tokenLikelihoods', request, options, () =>
        request.positions.map((position) => ({
          position,
          logProbability: -request.inputIds[position] / 100,
          rank: position,
        })),
      ),
    patch: (request: PatchRequest, options?: RequestOptions) =>
      asked('patch', request, options, () => patchedOf(request)),
    answersByLayer: (request: LayerAnswersRequest, options?: RequestOptions) =>
      asked('answersByLayer', request, options, () => layerAnswersOf(request)),
    tableNeighbors: (request: TableNeighborsRequest, options?: RequestOptions) =>
      asked('tableNeighbors', request, options, () => tableNeighborsOf(request)),
    measured: () =>
      calls
        .filter(({ method }) => method === 'measure')
        .map(({ request }) => (request as MeasureRequest).substitutions),
    answerAll: async (limit = Number.POSITIVE_INFINITY) => {
      for (let answered = 0; open.length > 0 && answered < limit; answered++) await open[0].resolve()
    },
  }
}

import { vi } from 'vitest'
import type {
  ClosestTokens,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
  PrioritizedExplorer,
} from '../../core/explorer'
import type { LayerAnswersRequest } from '../../core/measures/layerAnswers'
import type { PatchRequest } from '../../core/measures/patching'
import type { TableNeighborsRequest } from '../../core/measures/tableGeometry'
import type {
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../../core/measures/tokenPrediction'
import type { ModelHead } from '../../core/modelSource'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import type { TokenizedText } from '../../core/text/token'
import {
  INFO,
  layerAnswersOf,
  measurementOf,
  neighborOf,
  PROVENANCE,
  patchedOf,
  tableNeighborsOf,
} from '../explore/explorerFixture'
import { predictionPlace } from '../explore/predictionPlaces'
import { SILENT_MODELS } from '../model/modelServiceFixture'
import { ready } from '../resource'
import { idsOf } from '../results'
import { activeSubstitutions } from '../side/activeSubstitutions'
import { OWN, withSide } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { createAppStore } from '../store'
import type { AppStore } from '../storeTypes'

/** WordPiece vocabulary, one token a word; the entry of id n is `words[n]`. */
export const WORDS = ['[PAD]', '[CLS]', '[SEP]', 'the', 'film', 'was', 'good', 'movie', '##s', 'only']
/** Byte-level vocabulary: `good` is cut in two, and there is no `only`. */
export const PIECES = ['<s>', '</s>', 'the', 'Ġfilm', 'Ġwas', 'Ġgo', 'od', 'Ġmovie', 'movie', 'Ġbad']
export const TEXT = 'the film was good'

function cut(text: string, vocabulary: readonly string[], frame: readonly [number, number]): TokenizedText {
  const pieces = [...text.matchAll(/go(?=od)|\S+/g)].flatMap(({ 0: word, index }) =>
    vocabulary === WORDS && word === 'go' ? [] : [{ word, index }],
  )
  const tokens = pieces.map(({ word, index }) => {
    const whole = vocabulary === WORDS && word === 'od' ? { word: 'good', index: index - 2 } : { word, index }
    const entry = vocabulary === WORDS || whole.index === 0 || word === 'od' ? whole.word : `Ġ${whole.word}`
    return {
      id: vocabulary.indexOf(entry),
      text: entry,
      special: false,
      start: whole.index,
      end: whole.index + whole.word.length,
    }
  })
  const special = (id: number, at: number) => ({
    id,
    text: vocabulary[id],
    special: true,
    start: at,
    end: at,
  })
  const all = [special(frame[0], 0), ...tokens, special(frame[1], text.length)]
  return { text, tokens: all, truncatedAt: null, totalTokens: all.length, totalIsAtLeast: false }
}

/** Halves the probability from one rank to the next. */
const chanceAt = (rank: number) => ({ probability: 0.5 ** rank, rank })

function predicted(vocabulary: readonly string[], top: readonly number[], request: TokenPredictionRequest) {
  const { position, substitutions, k, also = [] } = request
  const moved = substitutions.length > 0 ? 1 : 0
  const rankOf = (tokenId: number) => top.indexOf(tokenId) + 1 || top.length + 1 + tokenId
  const tokenOf = (tokenId: number) => ({
    tokenId,
    token: vocabulary[tokenId],
    before: chanceAt(rankOf(tokenId)),
    after: chanceAt(rankOf(tokenId) + moved),
  })
  const best = top.slice(0, k).map(tokenOf)
  const entropy = { before: 2, after: 2 + moved }
  return {
    position,
    before: best,
    after: best,
    also: also.map(tokenOf),
    entropy,
    divergence: moved / 4,
    flips: false,
  } satisfies TokenPrediction
}

/**
 * Creates an explorer that answers at once; distances are the token id put in, and ln p is that of the id, negative.
 *
 * @param top most probable tokens of a language model at any place
 */
export function explorerOf(vocabulary: readonly string[], nearest: number, top: readonly number[] = []) {
  const frame: [number, number] = vocabulary === WORDS ? [1, 2] : [0, 1]
  const explorer = {
    load: async () => INFO,
    vocabulary: async () => vocabulary,
    dispose: async () => {},
    tokenize: vi.fn(async (text: string) => cut(text, vocabulary, frame)),
    neighbors: vi.fn(async ({ positions, also = [] }: NeighborsRequest) =>
      positions.map(() =>
        [nearest, ...also].map((id, i) => ({ ...neighborOf(id, i + 2), token: vocabulary[id] })),
      ),
    ),
    measure: vi.fn(async ({ inputIds, substitutions }: MeasureRequest) => ({
      ...measurementOf(inputIds.length, substitutions, { ...PROVENANCE, modelId: `of ${vocabulary[0]}` }),
      distances: new Float32Array(3 * inputIds.length).fill(substitutions[0]?.tokenId ?? 0),
      ...(top.length > 0 && { logits: null }),
    })),
    closestTokens: vi.fn(async (): Promise<ClosestTokens[]> => []),
    predictTokens: vi.fn(async (request: TokenPredictionRequest) => predicted(vocabulary, top, request)),
    tokenLikelihoods: vi.fn(async ({ inputIds, positions }: TokenLikelihoodsRequest) =>
      positions.map((position) => ({ position, logProbability: -inputIds[position], rank: 1 })),
    ),
    patch: vi.fn(async (request: PatchRequest) => patchedOf(request)),
    answersByLayer: vi.fn(async (request: LayerAnswersRequest) => layerAnswersOf(request)),
    tableNeighbors: vi.fn(async (request: TableNeighborsRequest) => tableNeighborsOf(request)),
  }
  return explorer satisfies PrioritizedExplorer
}

/** Second model, on the same review. */
export const SECOND = { model: { id: './other', sha256: '' }, text: null, ownNearest: false }

/** Returns a model with this head instead of a classifier; the mask is the token of this id. */
export function withHead(info: ModelInfo, head: ModelHead, maskId?: number): ModelInfo {
  const causal = head === 'causal-lm'
  return {
    ...info,
    labels: [],
    details: { head, causal, format: 'safetensors', files: [], kept: false, maskId },
  }
}

/** Writes the answers of the first side, a language model, for the present change. */
export async function answerFirstTokens(store: AppStore, explorer: PrioritizedExplorer): Promise<void> {
  const state = store.getState()
  const [tokenized, substitutions] = [currentTokens(state), activeSubstitutions(state)]
  const place = predictionPlace(state)
  if (!tokenized || !substitutions || !place) throw new Error('there is no place to look at')
  const { position } = place
  const request = { inputIds: idsOf(tokenized), substitutions, position, k: 10, also: [] }
  const prediction = await explorer.predictTokens(request)
  store.setState((state) =>
    withSide(state, OWN, { prediction: ready({ tokenized, substitutions, prediction }) }),
  )
}

/** Creates a store whose own model reads WORDS, with another open model, `./other`, that reads PIECES. */
export function createComparedStore(): AppStore {
  const store = createAppStore({ services: { models: SILENT_MODELS } })
  const open = { status: 'ready', opened: 1 } as const
  store.setState(({ model, compare }) => ({
    session: { ...EMPTY_SESSION, text: TEXT },
    model: { ...model, ...open, info: INFO, vocabulary: WORDS },
    compare: {
      ...compare,
      model: { ...compare.model, ...open, info: { ...INFO, id: './other' }, vocabulary: PIECES },
    },
  }))
  return store
}

/** Writes the answers of the first side, for the session after these edits. */
export function answerFirstSide(store: AppStore, session: Partial<Session>): void {
  const next = { ...store.getState().session, ...session }
  const tokenized = cut(next.text, WORDS, [1, 2])
  const chosen = next.position === null ? [] : [{ position: next.position, tokenId: next.tokenId ?? 7 }]
  const { filters } = next
  const nearest = { ...neighborOf(7, 3), token: WORDS[7] }
  store.setState((state) => ({
    session: next,
    ...withSide(state, OWN, {
      tokenized: ready(tokenized),
      neighbors: ready({ tokenized, filters, byPosition: tokenized.tokens.map(() => [nearest]) }),
      ...(next.position !== null && {
        chosenNeighbors: ready({
          tokenized,
          position: next.position,
          filters,
          rows: [{ ...nearest, typed: false }],
        }),
      }),
      measurement: ready({
        tokenized,
        measurement: {
          ...measurementOf(tokenized.tokens.length, [...next.held, ...chosen]),
          ...(store.getState().model.info?.labels.length === 0 && { logits: null }),
        },
      }),
    }),
  }))
}

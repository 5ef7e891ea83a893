import { vi } from 'vitest'
import type { MeasureRequest, NeighborsRequest, PrioritizedExplorer } from '../core/explorer'
import { FailureError } from '../core/failure'
import { EMPTY_SESSION, type Session } from '../core/session'
import type { TokenizedText } from '../core/token'
import { ready } from './resource'
import { createAppStore } from './store'
import type { AppStore } from './storeTypes'
import { INFO, measurementOf, neighborOf, PROVENANCE } from './testExplorer'

/** WordPiece: one token a word; the entry of id n is `words[n]`. */
export const WORDS = ['[PAD]', '[CLS]', '[SEP]', 'the', 'film', 'was', 'good', 'movie', '##s', 'only']
/** Byte-level: `good` is cut in two, and there is no `only`. */
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

/** Answers at once; distances are the token id put in. */
export function explorerOf(vocabulary: readonly string[], nearest: number) {
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
    })),
    closestTokens: async () => [],
    predictTokens: async () => {
      throw new FailureError({ kind: 'invalid-request', message: 'no head' })
    },
    tokenLikelihoods: async () => {
      throw new FailureError({ kind: 'invalid-request', message: 'no head' })
    },
  }
  return explorer satisfies PrioritizedExplorer
}

/** That model, on the same review. */
export const OTHER = { model: { id: './other', sha256: '' }, text: null, ownNearest: false }

/** A store whose own model reads WORDS, with another model, `./other`, that reads PIECES and is open. */
export function createBesideStore(): AppStore {
  const store = createAppStore()
  store.setState(({ model, beside }) => ({
    session: { ...EMPTY_SESSION, text: TEXT },
    vocabulary: WORDS,
    model: { ...model, status: 'ready', info: INFO, opened: 1 },
    beside: {
      ...beside,
      model: { ...beside.model, info: { ...INFO, id: './other' }, vocabulary: PIECES, opened: 1 },
    },
  }))
  return store
}

/** What the first side has answered, for the session that then stands. */
export function answerFirstSide(store: AppStore, session: Partial<Session>): void {
  const next = { ...store.getState().session, ...session }
  const tokenized = cut(next.text, WORDS, [1, 2])
  const chosen = next.position === null ? [] : [{ position: next.position, tokenId: next.tokenId ?? 7 }]
  store.setState({
    session: next,
    tokenized: ready(tokenized),
    neighbors: ready(tokenized.tokens.map(() => [{ ...neighborOf(7, 3), token: WORDS[7] }])),
    chosenNeighbors: ready([{ ...neighborOf(7, 3), token: WORDS[7] }]),
    measurement: ready(measurementOf(tokenized.tokens.length, [...next.held, ...chosen])),
  })
}

import type { CorpusEngine, Variant } from '../core/corpus/corpusEngine'
import { NONE } from '../core/corpus/records/records'
import type { RunSettings } from '../core/corpus/runSettings'
import type { ModelInfo } from '../core/explorer'
import { FailureError } from '../core/failure'
import { NO_FILTERS } from '../core/measures/neighbor'
import type { CorpusText } from './run/textBatches'

export const VOCABULARY = [
  '[PAD]',
  '[CLS]',
  '[SEP]',
  '[UNK]',
  '[MASK]',
  ...Array.from({ length: 95 }, (_, i) => `w${i}`),
]
export const FRAMING_IDS = [0, 1, 2]
export const SPECIAL_IDS = [...FRAMING_IDS, 3, 4]
const [CLS, SEP, UNK, MASK] = [1, 2, 3, 4]
const FIRST_WORD = 5

export const LAYERS = 2
export const MAX_TOKENS = 24

export const INFO: ModelInfo = {
  id: 'fake',
  family: 'bert',
  layers: LAYERS,
  width: 4,
  vocabularySize: VOCABULARY.length,
  maxTokens: MAX_TOKENS,
  labels: ['NEGATIVE', 'POSITIVE'],
  parameters: 1,
  bytes: 1,
  provenance: {
    modelId: 'fake',
    sha256: 'a'.repeat(64),
    precision: 'fp32',
    device: 'test',
    shipped: false,
  },
}

export const SETTINGS: RunSettings = {
  seed: 7,
  sampleSize: 20,
  norm: 'l2',
  filters: NO_FILTERS,
  cleanHtml: true,
  leastImpactful: 5,
  randomPositions: 2,
  perturbations: ['nearest', 'neighbor', 'random', 'mask', 'delete', 'swap'],
  neighborRank: 3,
  pairs: 2,
  leastImpactfulPairs: 0,
  learnedTexts: 0,
  causal: 'none',
  readings: 'all',
}

/** Returns a number of 0..1 that depends on every part. */
export function hashed(...parts: readonly (string | number)[]): number {
  let h = 2166136261
  for (const character of parts.join('|')) h = Math.imul(h ^ character.charCodeAt(0), 16777619)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32
}

/** Returns the token id of a word; a word without a letter is unknown. */
export function wordId(word: string): number {
  if (!/\p{L}/u.test(word)) return UNK
  return FIRST_WORD + Math.floor(hashed(word) * (VOCABULARY.length - FIRST_WORD))
}

export interface EngineCall {
  readonly method: keyof CorpusEngine
  /** Number of texts, token ids, variants or positions that are sent. */
  readonly size: number
  readonly tokens: number
}

export interface FakeEngine extends CorpusEngine {
  readonly calls: EngineCall[]
  /** Awaited by every call, with its number from 1: rejects or waits for the purposes of a test. */
  onCall: (call: EngineCall, count: number) => Promise<void>
  info: () => Promise<ModelInfo>
}

const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean)

/**
 * Returns a model whose numbers are hashes of the question. They depend on the whole call, as a real product's last
 * bits may: a run that asks in other calls gets other numbers.
 */
export function createFakeEngine(overrides: Partial<CorpusEngine> = {}): FakeEngine {
  const calls: EngineCall[] = []
  const learning = { key: '', sequences: new Set<number>(), layers: 0 }

  async function called(method: keyof CorpusEngine, size = 0, tokens = 0): Promise<void> {
    const call = { method, size, tokens }
    calls.push(call)
    await fake.onCall(call, calls.length)
  }

  const idsOf = (inputIds: readonly number[], variant: Variant) =>
    variant.removed === undefined ? variant.inputIds : inputIds.toSpliced(variant.removed, 1)

  const fake: FakeEngine = {
    calls,
    onCall: async () => {},
    info: async () => INFO,
    vocabulary: async () => VOCABULARY,
    framingIds: async () => FRAMING_IDS,
    specialIds: async () => SPECIAL_IDS,
    maskId: async () => MASK,
    async tokenize(text) {
      await called('tokenize')
      const words = wordsOf(text)
      let end = 0
      const content = words.map((word) => {
        const start = text.indexOf(word, end)
        end = start + word.length
        return { id: wordId(word), text: word, special: false, start, end }
      })
      const frame = (id: number, at: number) => ({
        id,
        text: VOCABULARY[id],
        special: true,
        start: at,
        end: at,
      })
      const tokens = [frame(FRAMING_IDS[0], 0), ...content, frame(FRAMING_IDS[1], text.length)]
      return { text, tokens, truncatedAt: null, totalTokens: tokens.length, totalIsAtLeast: false }
    },
    async encodeTexts(texts, { ids }) {
      await called('encodeTexts', texts.length)
      const words = texts.map((text) => wordsOf(text).map(wordId))
      const counts = new Map<number, number>()
      for (const id of words.flat()) if (!FRAMING_IDS.includes(id)) counts.set(id, (counts.get(id) ?? 0) + 1)
      const tokenIds = Uint32Array.from(counts.keys()).sort()
      return {
        inputIds: ids
          ? words.map((row) => Uint32Array.from([CLS, ...row.slice(0, MAX_TOKENS - 2), SEP]))
          : [],
        truncated: words.map((row) => row.length > MAX_TOKENS - 2),
        tokenIds,
        counts: Uint32Array.from(tokenIds, (id) => counts.get(id) ?? 0),
      }
    },
    async substitutes({ tokenIds, k }) {
      await called('substitutes', tokenIds.length)
      const ids = new Uint32Array(tokenIds.length * k).fill(NONE)
      const cosines = new Float32Array(tokenIds.length * k)
      for (const [i, tokenId] of tokenIds.entries()) {
        for (let rank = 0; rank < k; rank++) {
          ids[i * k + rank] =
            FIRST_WORD + ((tokenId - FIRST_WORD + 1 + rank) % (VOCABULARY.length - FIRST_WORD))
          cosines[i * k + rank] = hashed(tokenId, rank, tokenIds.join())
        }
      }
      return { ids, cosines }
    },
    async shifts(inputIds, substituteIds) {
      await called('shifts', inputIds.length, inputIds.length)
      return Float32Array.from(
        inputIds.flatMap((id, position) =>
          ['l1', 'l2', 'linf'].map((norm) =>
            substituteIds[position] === id ? 0 : hashed(norm, id, substituteIds[position], position),
          ),
        ),
      )
    },
    async measureVariants(inputIds, variants) {
      const sequences = variants.map((variant) => idsOf(inputIds, variant))
      await called('measureVariants', variants.length, sequences.flat().length)
      const call = variants.length
      return {
        shifts: Float32Array.from(
          sequences.flatMap((ids) => [1, 2, 3].map((p) => hashed(p, ids.join(), call))),
        ),
        distances: Float32Array.from(
          sequences.flatMap((ids) => [0, 1, 2].map((layer) => hashed('D', layer, ids.join(), call))),
        ),
        ownDistances: Float32Array.from(
          sequences.flatMap((ids, i) =>
            [0, 1, 2].map((layer) =>
              variants[i].removed === undefined ? hashed('own', layer, ids.join(), call) : Number.NaN,
            ),
          ),
        ),
        logitsBefore: Float32Array.of(hashed(inputIds.join()), hashed('b', inputIds.join())),
        logitsAfter: Float32Array.from(
          sequences.flatMap((ids) => [hashed(ids.join()), hashed('b', ids.join())]),
        ),
      }
    },
    async ranks(inputIds, positions) {
      await called('ranks', positions.length)
      return Uint32Array.from(
        positions.flatMap((position) =>
          [0, 1, 2].map(
            (layer) => 1 + Math.floor(99 * hashed(layer, position, inputIds.join(), positions.length)),
          ),
        ),
      )
    },
    async carriedShares({ inputIds, changedIds, direction, layer, parts }) {
      await called('carriedShares', parts.length, parts.length * inputIds.length)
      const effect = hashed('E', inputIds.join(), changedIds.join()) - 0.5
      if (Math.abs(effect) < 0.1) return { effect, shares: null }
      return {
        effect,
        shares: parts.map((part) =>
          part === 'whole' ? 1 : hashed(part, layer, direction, inputIds.join(), changedIds.join()),
        ),
      }
    },
    async learned(key) {
      return {
        sequences: learning.key === key ? [...learning.sequences] : [],
        layers: learning.key === key ? learning.layers : 0,
      }
    },
    async learnFrom({ key, sequence, positions }) {
      await called('learnFrom', positions.length)
      if (learning.key !== key) Object.assign(learning, { key, sequences: new Set(), layers: 0 })
      learning.sequences.add(sequence)
    },
    async fitLayer() {
      await called('fitLayer')
      learning.layers++
    },
    async learnedRanks(key, inputIds, positions) {
      await called('learnedRanks', positions.length)
      if (learning.key !== key || learning.layers < 3) {
        throw new FailureError({ kind: 'not-ready', message: 'Nothing was learned.' })
      }
      const from = [...learning.sequences].join()
      const numbers = (name: string) =>
        positions.flatMap((position) =>
          [0, 1, 2].map((layer) => hashed(name, layer, position, inputIds.join(), from)),
        )
      return {
        l2: Uint32Array.from(numbers('l2'), (value) => 1 + Math.floor(99 * value)),
        learned: Uint32Array.from(numbers('learned'), (value) => 1 + Math.floor(99 * value)),
        similarity: Float32Array.from(numbers('similarity')),
      }
    },
    ...overrides,
  }
  return fake
}

/** Makes the count-th call, from 1, fail. */
export function failingAt(count: number): FakeEngine['onCall'] {
  return async (_, present) => {
    if (present === count) throw new FailureError({ kind: 'worker-lost', message: 'The worker stopped.' })
  }
}

/** Returns distinct texts of some words, of very different lengths. */
export function createTexts(count: number): CorpusText[] {
  return Array.from({ length: count }, (_, row) => ({
    row,
    text: Array.from(
      { length: 1 + Math.floor(hashed(row) * 30) },
      (_, i) => `word${Math.floor(hashed(row, i) * 60)}x`,
    ).join(' '),
  }))
}

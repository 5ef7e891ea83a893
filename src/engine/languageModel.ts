import { fail } from '../core/failure'
import { type Substitution, substituteTokens } from '../core/measures/substitution'
import {
  chanceOf,
  divergence,
  entropy,
  logProbabilities,
  topTokens,
} from '../core/measures/tokenDistribution'
import type {
  NextTokenChange,
  PredictedToken,
  TokenLikelihood,
  TokenLikelihoodsRequest,
  TokenPrediction,
  TokenPredictionRequest,
} from '../core/measures/tokenPrediction'
import type { Encoding } from './forward/encoder'
import { LruCache } from './lruCache'
import type { ModelParts } from './modelParts'
import type { ReviewTokenizer } from './tokenizer/tokenizer'

/** Bytes of saved scores: some forty distributions over a vocabulary of 50,000. */
const SCORES_KEPT_BYTES = 8 * 2 ** 20

/** Most scores taken from one forward, in numbers: 64 MB. */
const MAX_SCORES = 2 ** 24

/** Predicts the token at one place with a language model's head, and scores the text's own tokens. */
export interface LanguageModel {
  predict(request: TokenPredictionRequest): Promise<TokenPrediction>
  likelihoods(request: TokenLikelihoodsRequest): Promise<TokenLikelihood[]>
  /** Returns the id of the mask token. @throws FailureError `unsupported-model` where the tokenizer names none */
  maskId(): number
}

/** Returns the positions whose scores each forward also gives: the last one in causal models, none in others. */
export function finalPositions({ head }: ModelParts, inputIds: readonly number[]): number[] {
  return head === 'causal-lm' ? [inputIds.length - 1] : []
}

/** Returns how the next token's distribution after the last one changed; undefined where the forwards gave none. */
export function nextTokenChange(original: Encoding, perturbed: Encoding): NextTokenChange | undefined {
  if (!original.tokenLogits?.length || !perturbed.tokenLogits?.length) return undefined
  const [before, after] = [original.tokenLogits, perturbed.tokenLogits].map(logProbabilities)
  const flips = topTokens(before, 1)[0] !== topTokens(after, 1)[0]
  return { divergence: divergence(before, after), flips }
}

/**
 * @param encode the forward of a change, kept by its caller; in causal models with the scores after the last token
 */
export function createLanguageModel(
  parts: ModelParts,
  { vocabulary, maskId }: Pick<ReviewTokenizer, 'vocabulary' | 'maskId'>,
  vocabularySize: number,
  encode: (inputIds: readonly number[], substitutions: readonly Substitution[]) => Promise<Encoding>,
): LanguageModel {
  const causal = parts.head === 'causal-lm'
  const kept = new LruCache<Float32Array>(SCORES_KEPT_BYTES)

  function requireHead(): void {
    if (causal || parts.head === 'masked-lm') return
    fail('invalid-request', 'This model has no language-model head: it gives tokens no probability.')
  }

  const mask = () => maskId ?? fail('unsupported-model', 'The tokenizer of this model names no mask token.')
  const withMask = (inputIds: readonly number[], position: number) => inputIds.with(position, mask())

  /**
   * Returns scores, [V], at one position of the sequence as it is; saves them, for another change of the same context
   * asks for them again.
   */
  async function scoresAt(inputIds: readonly number[], position: number): Promise<Float32Array> {
    const key = `${position}|${inputIds.join()}`
    const known = kept.get(key)
    if (known) return known
    const { tokenLogits } = await parts.encoder.encode(inputIds, undefined, [position])
    const scores = tokenLogits ?? fail('internal', 'The head gave no scores.')
    kept.set(key, scores, 4 * scores.length)
    return scores
  }

  async function scoresOf(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    position: number,
  ): Promise<Float32Array> {
    if (causal && position === inputIds.length - 1) {
      const { tokenLogits } = await encode(inputIds, substitutions)
      if (tokenLogits) return tokenLogits
    }
    const changed = substituteTokens(inputIds, substitutions)
    return scoresAt(causal ? changed : withMask(changed, position), position)
  }

  /** Scores as many positions in one forward as memory allows. */
  async function causalLikelihoods({
    inputIds,
    positions,
  }: TokenLikelihoodsRequest): Promise<TokenLikelihood[]> {
    const found: TokenLikelihood[] = []
    const room = Math.max(1, Math.floor(MAX_SCORES / vocabularySize))
    for (let start = 0; start < positions.length; start += room) {
      const some = positions.slice(start, start + room)
      const { tokenLogits } = await parts.encoder.encode(
        inputIds,
        undefined,
        some.map((position) => position - 1),
      )
      const scores = tokenLogits ?? fail('internal', 'The head gave no scores.')
      for (const [i, position] of some.entries()) {
        const row = scores.subarray(i * vocabularySize, (i + 1) * vocabularySize)
        found.push(likelihoodOf(row, inputIds, position))
      }
    }
    return found
  }

  const likelihoodOf = (
    scores: Float32Array,
    inputIds: readonly number[],
    position: number,
  ): TokenLikelihood => {
    const distribution = logProbabilities(scores)
    const tokenId = inputIds[position]
    return {
      position,
      logProbability: distribution[tokenId],
      rank: chanceOf(distribution, tokenId).rank,
    }
  }

  return {
    maskId: mask,

    async predict({ inputIds, substitutions, position, k, also = [] }) {
      requireHead()
      const [before, after] = [
        logProbabilities(await scoresOf(inputIds, [], position)),
        logProbabilities(await scoresOf(inputIds, substitutions, position)),
      ]
      const predicted = (tokenId: number): PredictedToken => ({
        tokenId,
        token: vocabulary[tokenId] ?? '',
        before: chanceOf(before, tokenId),
        after: chanceOf(after, tokenId),
      })
      const [topBefore, topAfter] = [topTokens(before, k), topTokens(after, k)]
      return {
        position,
        before: topBefore.map(predicted),
        after: topAfter.map(predicted),
        also: also.map(predicted),
        entropy: { before: entropy(before), after: entropy(after) },
        divergence: divergence(before, after),
        flips: topBefore[0] !== topAfter[0],
      }
    },

    async likelihoods(request) {
      requireHead()
      const { inputIds, positions } = request
      if (causal) {
        if (positions.includes(0)) fail('invalid-request', 'Nothing predicts the first token.')
        return causalLikelihoods(request)
      }
      const found: TokenLikelihood[] = []
      for (const position of positions) {
        found.push(likelihoodOf(await scoresAt(withMask(inputIds, position), position), inputIds, position))
      }
      return found
    },
  }
}

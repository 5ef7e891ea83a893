import type { AnsweringExplorer } from '../../core/explorer'
import { FailureError } from '../../core/failure'
import { type Substitution, substituteTokens } from '../../core/measures/substitution'
import type { TokenLikelihood } from '../../core/measures/tokenPrediction'
import type { TokenizedText } from '../../core/text/token'
import { createQuery } from '../query'
import { idle, loading, type Resource } from '../resource'
import type { TextLikelihoods } from '../results'
import type { LanguageHead } from './predictionPlaces'
import type { Step } from './questions/exploreComparison'

/** Holds a change whose likelihoods can be measured. */
export interface LikelihoodChange {
  /** Name of the change, with its model. */
  readonly key: string
  readonly head: LanguageHead
  readonly maskId: number | undefined
  readonly tokenized: TokenizedText
  readonly ids: readonly number[]
  readonly active: readonly Substitution[]
}

/** Holds one side's language model and the questions to it. */
export interface LikelihoodSide {
  /** Returns a number that rises with each model that answers. */
  generation(): number
  /** Returns the source of answers. @throws FailureError `not-ready` */
  answering(): AnsweringExplorer
  /** Says whether the likelihoods are on screen; a causal model then follows every change. */
  isWanted(): boolean
  /** Returns the change; null while it is not known, or if there is none. */
  change(): LikelihoodChange | null
  /** Says whether a change was requested: a masked model measures only that one. */
  isAsked(key: string): boolean
  read(): Resource<TextLikelihoods>
  write(resource: Resource<TextLikelihoods>): void
}

/** Number of texts whose likelihoods are held, for undo and for the next change of the same text. */
const TEXTS_KEPT = 12

/**
 * Number of tokens that a masked model reads before a click may go first: a text of that length, or several short ones.
 */
const TOKENS_AT_ONCE = 512
const ALL_AT_ONCE = Number.POSITIVE_INFINITY

type Known = Map<number, TokenLikelihood>

/** Returns the positions whose token has a likelihood: in a causal model not the first, which nothing predicts. */
function askedPositions({ head, maskId, tokenized, ids, active }: LikelihoodChange): number[] {
  const changed = substituteTokens(ids, active)
  return tokenized.tokens.flatMap(({ special, id }, position) =>
    special || id === maskId || changed[position] === maskId || (head === 'causal-lm' && position === 0)
      ? []
      : [position],
  )
}

/** Returns ln p of a text: the sum over its tokens, in nats. */
export function totalLogProbability(tokens: readonly TokenLikelihood[]): number {
  return tokens.reduce((sum, { logProbability }) => sum + logProbability, 0)
}

/** Returns the likelihoods once every token of both texts is measured; null before. */
export function wholeLikelihoods(likelihoods: TextLikelihoods | null): TextLikelihoods | null {
  return likelihoods && likelihoods.done === likelihoods.total ? likelihoods : null
}

/** Returns the texts of a change with their known tokens, and the positions that are missing. */
function createTask(change: LikelihoodChange, knownOf: (ids: readonly number[]) => Known) {
  const { ids, active, tokenized } = change
  const positions = askedPositions(change)
  const sequences = [ids, ...(active.length > 0 ? [substituteTokens(ids, active)] : [])]
  const texts = sequences.map((inputIds) => ({ inputIds, known: knownOf(inputIds) }))
  const listed = (known: Known) => positions.flatMap((position) => known.get(position) ?? [])
  return {
    texts,
    missing: (known: Known) => positions.filter((position) => !known.has(position)),
    soFar(): TextLikelihoods {
      const found = texts.map(({ known }) => listed(known))
      return {
        tokenized,
        substitutions: active,
        before: found[0],
        after: found.at(-1) ?? found[0],
        done: found.reduce((sum, { length }) => sum + length, 0),
        total: texts.length * positions.length,
      }
    },
  }
}

/**
 * Measures on demand how well a language model expects the text's own tokens, before and after. A causal model answers
 * with one forward a text and follows every change; a masked one needs a forward for each token, so it measures only
 * the change that was requested, in parts, and a click goes before the next part.
 */
export function createTextLikelihoodsStep(side: LikelihoodSide, onSettled: () => void): Step {
  const kept = new Map<string, Known>()
  let run = 0
  let shownOf: string | null = null
  const query = createQuery<TextLikelihoods>(side.read, side.write, onSettled)

  const knownOf = (ids: readonly number[]): Known => {
    const key = `${side.generation()}|${ids.join(',')}`
    const known = kept.get(key) ?? new Map<number, TokenLikelihood>()
    kept.delete(key)
    kept.set(key, known)
    for (const oldest of kept.keys()) {
      if (kept.size <= TEXTS_KEPT) break
      kept.delete(oldest)
    }
    return known
  }

  async function measure({ texts, missing, soFar }: ReturnType<typeof createTask>, atOnce: number) {
    const mine = ++run
    const priority = atOnce === ALL_AT_ONCE ? 'soon' : 'ahead'
    for (const { inputIds, known } of texts) {
      const positions = missing(known)
      for (let start = 0; start < positions.length; start += atOnce) {
        if (mine !== run) throw new FailureError({ kind: 'cancelled', message: 'Stopped.' })
        const request = { inputIds, positions: positions.slice(start, start + atOnce) }
        for (const answer of await side.answering().tokenLikelihoods(request, { priority })) {
          known.set(answer.position, answer)
        }
        if (mine === run) side.write(loading(soFar()))
      }
    }
    return soFar()
  }

  const showNothing = () => {
    if (shownOf === null) return
    run++
    shownOf = null
    query.show(idle())
  }

  return {
    // Nobody waits for it: measurements in advance continue meanwhile.
    pending: false,
    update: () => {
      if (!side.isWanted()) {
        showNothing()
        return
      }
      const change = side.change()
      if (!change) return
      const { key, head, ids } = change
      const of = `${side.generation()}|${key}`
      if (shownOf === of) return
      const task = createTask(change, knownOf)
      const soFar = task.soFar()
      if (head === 'masked-lm' && !side.isAsked(key) && soFar.done < soFar.total) {
        showNothing()
        return
      }
      shownOf = of
      const atOnce = head === 'causal-lm' ? ALL_AT_ONCE : Math.max(1, Math.floor(TOKENS_AT_ONCE / ids.length))
      query.ask({
        key,
        generation: side.generation(),
        former: soFar,
        ask: () => measure(task, atOnce),
      })
    },
    retry: () => {
      if (side.read().status === 'error') shownOf = null
      query.retry()
    },
    stop: () => {
      run++
      query.stop()
    },
  }
}

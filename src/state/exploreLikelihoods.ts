import { FailureError } from '../core/failure'
import { type Substitution, substituteTokens, substitutionsKey } from '../core/substitution'
import type { TokenLikelihood } from '../core/tokenPrediction'
import { inputIds as activeIds, activeSubstitutions, currentTokens } from './activeSubstitutions'
import type { AppState } from './appState'
import { modelInfo } from './comparisonSelectors'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext } from './exploreContext'
import { type Readable, readable } from './exploreReadings'
import { languageModelHead } from './predictionPlaces'
import { createQuery } from './query'
import { idle, loading } from './resource'

/** The text's own tokens, as far as they are measured: ln p of each, before and after a change. */
export interface TextLikelihoods {
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  /** By position, ascending; the same positions in both where all is done. */
  readonly before: readonly TokenLikelihood[]
  readonly after: readonly TokenLikelihood[]
  /** Tokens of both texts. */
  readonly done: number
  readonly total: number
}

/** Texts whose likelihoods are kept, for undo and for the next change of the same text. */
const TEXTS_KEPT = 12

/** A masked model reads this many tokens before a click may go first: a text of that length, or several short ones. */
const TOKENS_AT_ONCE = 512
const ALL_AT_ONCE = Number.POSITIVE_INFINITY

type Known = Map<number, TokenLikelihood>

/** Positions whose token has a likelihood: in a causal model not the first, which nothing predicts. */
function askedPositions(state: AppState, ids: readonly number[], active: readonly Substitution[]): number[] {
  const causal = languageModelHead(state) === 'causal-lm'
  const maskId = modelInfo(state)?.details?.maskId
  const changed = substituteTokens(ids, active)
  const tokens = currentTokens(state)?.tokens ?? []
  return tokens.flatMap(({ special, id }, position) =>
    special || id === maskId || changed[position] === maskId || (causal && position === 0) ? [] : [position],
  )
}

/** Names the change whose likelihoods can be measured; null where there is none. */
export function likelihoodsKey(state: AppState): string | null {
  const found = languageModelHead(state) && readable(state)
  if (!found) return null
  const { ids, active } = found
  return `${modelInfo(state)?.provenance.sha256}|${ids.join(',')}|${substitutionsKey(active)}`
}

/** The likelihoods of exactly what is substituted now, as far as they have come. */
export function activeLikelihoods(state: AppState): TextLikelihoods | null {
  const { value } = state.likelihoods
  const active = activeSubstitutions(state)
  if (!value || !active || value.inputIds !== activeIds(state)) return null
  return substitutionsKey(active) === substitutionsKey(value.substitutions) ? value : null
}

/** ln p of a text: the sum over its tokens, in nats. */
export function totalLogProbability(tokens: readonly TokenLikelihood[]): number {
  return tokens.reduce((sum, { logProbability }) => sum + logProbability, 0)
}

/** The texts of a change, what is known of their tokens and what is not yet. */
function createTask(state: AppState, { ids, active }: Readable, knownOf: (ids: readonly number[]) => Known) {
  const positions = askedPositions(state, ids, active)
  const sequences = [ids, ...(active.length > 0 ? [substituteTokens(ids, active)] : [])]
  const texts = sequences.map((inputIds) => ({ inputIds, known: knownOf(inputIds) }))
  const listed = (known: Known) => positions.flatMap((position) => known.get(position) ?? [])
  return {
    texts,
    missing: (known: Known) => positions.filter((position) => !known.has(position)),
    soFar(): TextLikelihoods {
      const found = texts.map(({ known }) => listed(known))
      return {
        inputIds: ids,
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
 * Of a language model, on demand: how well it expects the text's own tokens, before and after. A causal model answers
 * with one forward a text and follows every change; a masked one needs a forward for each token, so it measures the
 * change it was asked to, in parts that a click goes before.
 */
export function createLikelihoodsStep(context: ExploreContext, onSettled: () => void): Step {
  const { store } = context
  const kept = new Map<string, Known>()
  let run = 0
  let shownOf: string | null = null
  const query = createQuery<TextLikelihoods>(
    () => store.getState().likelihoods,
    (likelihoods) => store.setState({ likelihoods }),
    onSettled,
  )

  const knownOf = (ids: readonly number[]): Known => {
    const key = `${context.generation}|${ids.join(',')}`
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
        for (const answer of await answering(context).tokenLikelihoods(request, { priority })) {
          known.set(answer.position, answer)
        }
        if (mine === run) store.setState({ likelihoods: loading(soFar()) })
      }
    }
    return soFar()
  }

  const showNothing = () => {
    run++
    shownOf = null
    query.show(idle())
  }

  return {
    // Nobody waits for it: what is measured ahead goes on beside it.
    pending: false,
    update: () => {
      const state = store.getState()
      const head = languageModelHead(state)
      const asked = state.wanted.likelihoods
      if (asked === null || !head || state.tokenized.status === 'idle') {
        if (shownOf !== null) showNothing()
        return
      }
      const found = readable(state)
      const key = likelihoodsKey(state)
      const of = `${context.generation}|${key}`
      if (!found || key === null || shownOf === of) return
      const task = createTask(state, found, knownOf)
      const soFar = task.soFar()
      if (head === 'masked-lm' && asked !== key && soFar.done < soFar.total) {
        if (shownOf !== null) showNothing()
        return
      }
      shownOf = of
      const atOnce =
        head === 'causal-lm' ? ALL_AT_ONCE : Math.max(1, Math.floor(TOKENS_AT_ONCE / found.ids.length))
      query.ask({
        key,
        generation: context.generation,
        former: soFar,
        ask: () => measure(task, atOnce),
      })
    },
    stop: () => {
      run++
      query.stop()
    },
  }
}

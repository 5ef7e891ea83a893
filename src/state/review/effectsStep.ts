import { type ChangeEffect, effectOf } from '../../core/measures/changeEffect'
import { predictionKind } from '../../core/measures/prediction'
import type { Substitution } from '../../core/measures/substitution'
import type { TokenizedText } from '../../core/text/token'
import type { Job } from '../explore/questions/background'
import { answering, type ExploreContext } from '../explore/questions/exploreContext'
import { idsOf, sameSequence, type TokenEffect } from '../results'
import { OWN, withSide } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'
import { maskPlace } from './answerKind'
import { shownTint } from './tint'

export interface EffectsStep {
  /** Takes from memory what is measured. */
  update(): void
  /** Returns the next token to measure, visible ones first; null if none is wanted. */
  next(skip: (key: string) => boolean): Job | null
}

/** Holds what the review is measured for: its text, each token's nearest substitute, and the mask that answers. */
interface Review {
  readonly tokenized: TokenizedText
  readonly ids: readonly number[]
  readonly nearest: readonly (Substitution | null)[]
  readonly place: number | null
}

/**
 * Measures what the nearest substitute of each token does, alone in the text, for tint and table. What was measured for
 * other reasons is taken from memory; the rest is measured once it is wanted, when nobody waits for anything else. Only
 * numbers are held, not the measurements: a long text's would not fit the memory of measurements.
 */
export function createEffectsStep(context: ExploreContext): EffectsStep {
  const { store, side, cache } = context
  /** Source of each effect held, by position: an effect of a former source stays until the present one measured it. */
  let generations = new Map<number, number>()

  function review(): Review | null {
    const state = store.getState()
    const tokenized = currentTokens(state, side)
    const substitutes = textSubstitutes(state, side)
    if (!tokenized || !substitutes || state.sides[side].neighbors.status !== 'ready') return null
    const nearest = tokenized.tokens.map(({ special }, position) => {
      const first = substitutes.byPosition[position]?.[0]
      return special || !first ? null : { position, tokenId: first.tokenId }
    })
    return { tokenized, ids: idsOf(tokenized), nearest, place: maskPlace(state, side) }
  }

  const kind = () => predictionKind(modelInfo(store.getState(), side))

  /** Returns the effects held for this review, and forgets those of another one. */
  function held({ tokenized, place }: Review): ReadonlyMap<number, TokenEffect> {
    const { effects } = store.getState().sides[side]
    const present = effects && sameSequence(effects.tokenized, tokenized) && effects.place === place
    if (!present) generations = new Map()
    return present ? effects.byPosition : new Map()
  }

  function write({ tokenized, place }: Review, byPosition: ReadonlyMap<number, TokenEffect>) {
    store.setState((state) => withSide(state, side, { effects: { tokenized, place, byPosition } }))
  }

  /** Lists the tokens whose effect is not measured by the present source. */
  function missing({ nearest }: Review, known: ReadonlyMap<number, TokenEffect>): Substitution[] {
    return nearest.flatMap((change) =>
      !change ||
      (known.get(change.position)?.tokenId === change.tokenId &&
        generations.get(change.position) === context.generation)
        ? []
        : [change],
    )
  }

  const isWanted = () => {
    const state = store.getState()
    const { wanted } = state.sides[side]
    return wanted.effects || (wanted.shifts && shownTint(state, side) !== 'shift')
  }

  /** Returns the answer of a masked language model at the mask; null where the measurement itself has the answer. */
  async function measureAt(
    { ids, place }: Review,
    change: Substitution,
    priority: 'soon',
  ): Promise<ChangeEffect> {
    const measurement = await context.measure(ids, [change], { priority })
    const effect = effectOf(measurement, kind())
    if (place === null) return effect
    const { divergence, flips } = await answering(context).predictTokens(
      { inputIds: ids, substitutions: [change], position: place, k: 1 },
      { priority },
    )
    return { ...effect, answer: { change: divergence, flips } }
  }

  return {
    update: () => {
      const present = review()
      if (!present) return
      const known = held(present)
      // At a mask an effect is whole only with the answer there, which no measurement has.
      const found =
        present.place !== null
          ? []
          : missing(present, known).flatMap((change) => {
              const measurement = cache.has(present.ids, [change]) && cache.get(present.ids, [change])
              return measurement ? [{ change, effect: effectOf(measurement, kind()) }] : []
            })
      if (found.length === 0) return
      const next = new Map(known)
      for (const { change, effect } of found) {
        next.set(change.position, { ...effect, tokenId: change.tokenId })
        generations.set(change.position, context.generation)
      }
      write(present, next)
    },
    next: (skip) => {
      const present = isWanted() ? review() : null
      if (!present) return null
      const order = side === OWN ? store.getState().visiblePositions : []
      const rank = new Map(order.map((position, i) => [position, i]))
      const rankOf = ({ position }: Substitution) => rank.get(position) ?? order.length + position
      const keyOf = ({ position, tokenId }: Substitution) =>
        `effect|${context.generation}|${position}:${tokenId}|${present.place}|${present.tokenized.text}`
      const [change] = missing(present, held(present))
        .filter((one) => !skip(keyOf(one)))
        .sort((a, b) => rankOf(a) - rankOf(b))
      if (!change) return null
      const { generation } = context
      return {
        key: keyOf(change),
        run: async () => {
          const effect = await measureAt(present, change, 'soon')
          const now = review()
          const same = now && sameSequence(now.tokenized, present.tokenized) && now.place === present.place
          if (!same || generation !== context.generation) return
          const next = new Map(held(now))
          next.set(change.position, { ...effect, tokenId: change.tokenId })
          generations.set(change.position, generation)
          write(now, next)
        },
      }
    },
  }
}

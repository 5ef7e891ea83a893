import type { Variant, VariantMeasures } from '../../core/corpus/corpusEngine'
import { fail } from '../../core/failure'
import { type ChangeEffect, labelEffect } from '../../core/measures/changeEffect'
import { NORMS } from '../../core/measures/norm'
import { predictionKind } from '../../core/measures/prediction'
import type { Shift } from '../../core/measures/shift'
import type { Step } from '../explore/questions/exploreComparison'
import {
  answering,
  type ExploreContext,
  type ManyVariants,
  TOKENS_AT_ONCE,
} from '../explore/questions/exploreContext'
import { idsOf, type Occlusion, type OcclusionProgress, sameSequence } from '../results'
import { withSide } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { createTask, NO_TASK } from '../task'
import { maskPlace } from './answerKind'

/** Measures what hiding each token does, by the mask token and by deletion, while the session wants it. */
export function createOcclusionStep(context: ExploreContext): Step {
  const { store, side } = context
  const read = store.getState
  const write = (occlusion: Occlusion) => store.setState((state) => withSide(state, side, { occlusion }))
  let shown: Occlusion | null = null
  let measuredBy = -1
  let run = 0
  let running = 0
  let asked: Occlusion['tokenized'] | null = null
  const task = createTask<OcclusionProgress>((state) => {
    if (!shown) return
    shown = { ...shown, task: state }
    write(shown)
  })

  /** Returns the effects of variants, by their order. A language model's answer is no part of them. */
  function effectsOf(measures: VariantMeasures, count: number): ChangeEffect[] {
    const info = modelInfo(read(), side) ?? fail('not-ready', 'This waits for the model.')
    const { shifts, distances, logitsBefore, logitsAfter } = measures
    const states = distances.length / count
    const kind = predictionKind(info)
    return Array.from({ length: count }, (_, row) => {
      const shift = Object.fromEntries(
        NORMS.map((norm, i) => [norm, shifts[NORMS.length * row + i]]),
      ) as Shift
      const before = Array.from(logitsBefore ?? [])
      const after = Array.from(logitsAfter?.subarray(row * before.length, (row + 1) * before.length) ?? [])
      return {
        shift,
        distance: distances[(row + 1) * states - 1],
        answer: before.length > 0 ? labelEffect({ before, after }, kind) : null,
        provenance: info.provenance,
      }
    })
  }

  /** Adds a masked language model's answer at the mask of the text. */
  async function withAnswer(
    effect: ChangeEffect,
    ids: readonly number[],
    change: { readonly position: number; readonly tokenId: number },
    place: number | null,
  ): Promise<ChangeEffect> {
    if (place === null) return effect
    const { divergence, flips } = await answering(context).predictTokens(
      { inputIds: ids, substitutions: [change], position: place, k: 1 },
      { priority: 'soon' },
    )
    return { ...effect, answer: { change: divergence, flips } }
  }

  async function measure(many: ManyVariants, tokenized: Occlusion['tokenized']): Promise<void> {
    const ids = idsOf(tokenized)
    const place = maskPlace(read(), side)
    const kept =
      shown &&
      measuredBy === context.generation &&
      sameSequence(shown.tokenized, tokenized) &&
      shown.place === place
    const masked = new Map(kept ? shown?.masked : [])
    const deleted = new Map(kept ? shown?.deleted : [])
    measuredBy = context.generation
    shown = { tokenized, place, hasMask: true, masked, deleted, task: NO_TASK }
    const mine = ++run
    running = mine
    await task.run(async ({ signal, report }) => {
      const maskId = await many.maskId()
      const candidates = tokenized.tokens.flatMap(({ special }, position) =>
        special || position === place ? [] : [position],
      )
      const toMask = maskId === null ? [] : candidates.filter((position) => ids[position] !== maskId)
      const toDelete = ids.length > 1 ? candidates : []
      const total = toMask.length + toDelete.length
      const keep = () => {
        if (!shown) return
        shown = { ...shown, hasMask: maskId !== null, masked: new Map(masked), deleted: new Map(deleted) }
        report({ done: masked.size + deleted.size, total })
      }
      const effects = async (variants: readonly Variant[]) => {
        signal.throwIfAborted()
        const found = effectsOf(await many.measureVariants(ids, variants), variants.length)
        signal.throwIfAborted()
        return found
      }
      keep()
      const missing = toMask.filter((position) => !masked.has(position))
      const atOnce = Math.max(1, Math.floor(TOKENS_AT_ONCE / ids.length))
      for (let start = 0; start < missing.length && maskId !== null; start += atOnce) {
        const some = missing.slice(start, start + atOnce)
        const found = await effects(some.map((position) => ({ inputIds: ids.with(position, maskId) })))
        for (const [i, position] of some.entries()) {
          masked.set(position, await withAnswer(found[i], ids, { position, tokenId: maskId }, place))
        }
        signal.throwIfAborted()
        keep()
      }
      for (const position of toDelete.filter((one) => !deleted.has(one))) {
        const [found] = await effects([{ removed: position }])
        deleted.set(position, found)
        keep()
      }
    })
    if (running === mine) running = 0
  }

  return {
    // Nobody waits for it: measurements in advance go on meanwhile.
    pending: false,
    update: () => {
      const { wanted, occlusion } = read().sides[side]
      // Another model's answers replace all: what is written after that would be the former one's.
      if (occlusion === null) shown = null
      const tokenized = currentTokens(read(), side)
      const isPresent =
        shown !== null &&
        sameSequence(shown.tokenized, tokenized) &&
        shown.place === maskPlace(read(), side) &&
        measuredBy === context.generation
      if (running > 0 && (wanted.occlusion === null || !isPresent)) task.abort()
      if (wanted.occlusion === asked) return
      asked = wanted.occlusion
      const many = context.variants()
      if (asked && many && sameSequence(asked, tokenized)) void measure(many, asked)
    },
    retry: () => undefined,
    stop: () => task.abort(),
  }
}

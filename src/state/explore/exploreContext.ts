import type { AnsweringExplorer, ModelInfo, PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { fail, failureOf } from '../../core/failure'
import type { Measurement } from '../../core/measurement'
import { type Substitution, substitutionsKey } from '../../core/substitution'
import type { AppState } from '../appState'
import { OWN } from '../side/side'
import { isModelOpen, modelOpening } from '../side/sideModel'
import type { AppStore } from '../storeTypes'
import { createMeasurementCache, type MeasurementCache } from './measurementCache'

/** Results shipped with the page; what it does not hold rejects with kind `not-ready`. */
export interface ShippedExplorer extends AnsweringExplorer {
  /** The model behind the results read so far; null before any. */
  info(): ModelInfo | null
}

export interface ExploreServices {
  /** The side's open model; null while there is none. Asked for only while it is open. */
  live(): PrioritizedExplorer | null
  readonly shipped: ShippedExplorer | null
  /** Pause in typing after which the text is tokenised, ms. */
  readonly typingPause?: number
}

/** Who answers now, and what was answered before. */
export interface ExploreContext {
  readonly store: AppStore
  readonly side: number
  readonly cache: MeasurementCache
  readonly typingPause: number
  /** Goes up when a model opens: what an earlier source answered is asked again. */
  readonly generation: number
  readonly isLive: boolean
  source(): AnsweringExplorer | null
  /** From memory, from a request under way, or asked now. */
  measure(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    options: RequestOptions,
  ): Promise<Measurement>
  /** Looks who answers now. @returns whether a model has opened since */
  refresh(): boolean
}

/**
 * Lists all parts of the state but those that no side of Explore reads: a download or a run over a corpus changes its own
 * many times a second.
 */
export function partsOfExplore(state: AppState): readonly unknown[] {
  const { corpus, notices, offline, hosts, model, compare, ...read } = state
  const { info, opened, vocabulary } = compare.model
  return [
    ...Object.values(read),
    ...[model.status, model.opened, model.info],
    ...[info, opened, vocabulary, compare.counterTokens],
  ]
}

/** @throws FailureError `not-ready` where nobody can answer */
export function answering(context: ExploreContext): AnsweringExplorer {
  return context.source() ?? fail('not-ready', 'This waits for the model.')
}

/**
 * How a question is asked: what the user waits for on the session's own side goes before what another side is asked. A
 * newer question of the same lane takes the place of an older one.
 */
export function optionsOf({ side }: ExploreContext, lane: string): RequestOptions {
  return side === OWN ? { priority: 'act', lane } : { priority: 'soon', lane: `${lane}-${side}` }
}

export function createExploreContext(
  store: AppStore,
  services: ExploreServices,
  side: number,
): ExploreContext {
  const cache = createMeasurementCache()
  const underWay = new Map<string, Promise<Measurement>>()
  let live: PrioritizedExplorer | null = null
  let generation = 0
  let seen = ''

  const source = () => live ?? services.shipped

  const measure: ExploreContext['measure'] = async (inputIds, substitutions, options) => {
    const known = cache.get(inputIds, substitutions)
    if (known) return known
    const explorer = source()
    if (!explorer) return fail('not-ready', 'This waits for the model.')
    const mine = generation
    const key = `${mine}/${inputIds.join(',')}/${substitutionsKey(substitutions)}`
    const joined = underWay.get(key)
    if (joined) {
      try {
        return await joined
      } catch (thrown) {
        // Whoever asked first gave up; whoever joined has not.
        if (failureOf(thrown).kind !== 'cancelled') throw thrown
      }
    }
    const asked = explorer.measure({ inputIds, substitutions }, options)
    underWay.set(key, asked)
    try {
      const measurement = await asked
      if (mine === generation) cache.set(inputIds, measurement)
      return measurement
    } finally {
      if (underWay.get(key) === asked) underWay.delete(key)
    }
  }

  return {
    store,
    side,
    cache,
    typingPause: services.typingPause ?? 150,
    get generation() {
      return generation
    },
    get isLive() {
      return live !== null
    },
    source,
    measure,
    refresh: () => {
      const state = store.getState()
      const open = isModelOpen(state, side) ? services.live() : null
      const opening = modelOpening(state, side)
      const opened = open !== null && (live === null || opening !== seen)
      live = open
      seen = opening
      if (opened) {
        generation++
        cache.clear()
      }
      return opened
    },
  }
}

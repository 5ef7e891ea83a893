import type { AnsweringExplorer, ModelInfo, PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { fail, failureOf } from '../../core/failure'
import type { Measurement } from '../../core/measurement'
import { type Substitution, substitutionsKey } from '../../core/substitution'
import type { AppState } from '../appState'
import type { AppStore } from '../storeTypes'
import { createMeasurementCache, type MeasurementCache } from './measurementCache'

/** Results shipped with the page; what it does not hold rejects with kind `not-ready`. */
export interface ShippedExplorer extends AnsweringExplorer {
  /** The model behind the results read so far; null before any. */
  info(): ModelInfo | null
}

export interface ExploreServices {
  /** The open model; null while there is none. Asked for only while `model.status` is `ready`. */
  live(): PrioritizedExplorer | null
  readonly shipped: ShippedExplorer | null
  /** Pause in typing after which the text is tokenised, ms. */
  readonly typingPause?: number
}

/** Who answers now, and what was answered before. */
export interface ExploreContext {
  readonly store: AppStore
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
 * Lists all parts of the state but those that neither side of Explore reads: a download or a run over a corpus changes
 * its own many times a second.
 */
export function partsOfExplore(state: AppState): readonly unknown[] {
  const { corpus, notices, offline, hosts, model, ...read } = state
  return [...Object.values(read), model.status, model.opened, model.info]
}

/** @throws FailureError `not-ready` where nobody can answer */
export function answering(context: ExploreContext): AnsweringExplorer {
  return context.source() ?? fail('not-ready', 'This waits for the model.')
}

export function createExploreContext(store: AppStore, services: ExploreServices): ExploreContext {
  const cache = createMeasurementCache()
  const underWay = new Map<string, Promise<Measurement>>()
  let live: PrioritizedExplorer | null = null
  let generation = 0
  let seen = 0

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
      const { model } = store.getState()
      const open = model.status === 'ready' ? services.live() : null
      const opened = open !== null && (live === null || model.opened !== seen)
      live = open
      seen = model.opened
      if (opened) {
        generation++
        cache.clear()
      }
      return opened
    },
  }
}

import type { CorpusEngine } from '../../../core/corpus/corpusEngine'
import type {
  AnsweringExplorer,
  ModelInfo,
  PrioritizedExplorer,
  RequestOptions,
} from '../../../core/explorer'
import { fail, failureOf } from '../../../core/failure'
import type { Measurement } from '../../../core/measures/measurement'
import { type Substitution, substitutionsKey } from '../../../core/measures/substitution'
import type { AppState } from '../../appState'
import { OWN } from '../../side/side'
import { isModelOpen, modelOpening } from '../../side/sideModel'
import type { AppStore } from '../../storeTypes'
import { createMeasurementCache, type MeasurementCache } from '../measurementCache'

/** Returns results shipped with the page; a missing one rejects with kind `not-ready`. */
export interface ShippedExplorer extends AnsweringExplorer {
  /** Returns the model of the results read so far; null before any. */
  info(): ModelInfo | null
}

/** Measures many changes of one text in one forward, behind all that the page itself asks for. */
export type ManyVariants = Pick<CorpusEngine, 'measureVariants' | 'maskId'>

/** Most tokens of all changes in one forward: a click waits no longer than for a review of this length. */
export const TOKENS_AT_ONCE = 128

export interface ExploreServices {
  /** Returns the side's open model; null while there is none. Called only while it is open. */
  live(): PrioritizedExplorer | null
  /** Returns the side's open model as it measures many changes in one forward; absent where nothing asks for them. */
  variants?(): ManyVariants
  readonly shipped: ShippedExplorer | null
  /** Pause in typing after which the text is tokenised, ms. */
  readonly typingPause?: number
}

/** Holds the source of answers, and the answers so far. */
export interface ExploreContext {
  readonly store: AppStore
  readonly side: number
  readonly cache: MeasurementCache
  readonly typingPause: number
  /** Number that rises when a model opens: answers of an earlier source are requested again. */
  readonly generation: number
  readonly isLive: boolean
  source(): AnsweringExplorer | null
  /** Returns the open model as it measures many changes at once; null while none is open, and where nothing offers it. */
  variants(): ManyVariants | null
  /** Returns a measurement from memory, from a request under way, or from a new request. */
  measure(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    options: RequestOptions,
  ): Promise<Measurement>
  /** Updates the source of answers. @returns whether a model has opened since */
  refresh(): boolean
}

/**
 * Lists all parts of the state except those that no side of Explore reads: a download or a run over a corpus changes
 * its own part many times a second.
 */
export function partsOfExplore(state: AppState): readonly unknown[] {
  const { corpus, notices, offline, hosts, model, compare, ...read } = state
  const { info, opened, vocabulary } = compare.model
  return [
    ...Object.values(read),
    ...[model.status, model.opened, model.info, model.vocabulary],
    ...[info, opened, vocabulary, compare.counterTokens],
  ]
}

/** Returns the source of answers. @throws FailureError `not-ready` if there is none */
export function answering(context: ExploreContext): AnsweringExplorer {
  return context.source() ?? fail('not-ready', 'This waits for the model.')
}

/**
 * Returns the options of a question: those for the session's own side go before those for another side. A newer
 * question of the same lane replaces an older one.
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
        // The caller that asked first has given up; one that joined has not.
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
    variants: () => (live ? (services.variants?.() ?? null) : null),
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

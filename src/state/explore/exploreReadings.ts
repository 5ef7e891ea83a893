import type { ClosestTokens } from '../../core/explorer'
import { type Substitution, substitutionsKey } from '../../core/substitution'
import type { AppState } from '../appState'
import { createQuery } from '../query'
import { idle, type Resource, ready } from '../resource'
import { activeSubstitutions, chosenPosition, inputIds } from './activeSubstitutions'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext } from './exploreContext'

type Reading = NonNullable<AppState['reading']['value']>

/** Closest tokens shown at the chosen position, and under the pointer in the ripple map. */
const READING = 5
const COLUMN = 3

/** A change whose hidden states can be read. */
export interface Readable {
  readonly ids: readonly number[]
  readonly active: readonly Substitution[]
  /** L + 1 */
  readonly layers: number
}

/** What can be read: the measurement of what is substituted has come. */
export function readable(state: AppState): Readable | null {
  const ids = inputIds(state)
  const active = activeSubstitutions(state)
  const { status, value } = state.measurement
  if (!ids || !active || !value || status !== 'ready') return null
  if (substitutionsKey(active) !== substitutionsKey(value.substitutions)) return null
  return { ids, active, layers: value.layers }
}

/** What hidden states read as: at the chosen position, in a column of the map, in the last layer. */
export function createReadingsStep(context: ExploreContext, onSettled: () => void): Step {
  const { store } = context
  const read = store.getState
  let columnShown: Resource<Reading> = idle()
  let columnsOf = ''
  const reading = createQuery<Reading>(
    () => read().reading,
    (resource) => store.setState({ reading: resource }),
    onSettled,
  )
  const lastLayer = createQuery<Reading>(
    () => read().lastLayer,
    (resource) => store.setState({ lastLayer: resource }),
    onSettled,
  )
  const column = createQuery<Reading>(
    () => columnShown,
    (resource) => {
      columnShown = resource
      const { value, status } = resource
      const position = value?.original[0]?.position
      if (status !== 'ready' || !value || position === undefined) return
      store.setState(({ columnReadings }) => ({
        columnReadings: new Map(columnReadings).set(position, value),
      }))
    },
    onSettled,
  )

  const ask = async (
    { ids, active }: Readable,
    where: { readonly layers: readonly number[]; readonly positions: readonly number[]; readonly k: number },
    lane: string,
  ): Promise<Reading> => {
    const explorer = answering(context)
    const closest = (
      substitutions: readonly Substitution[],
      suffix: string,
    ): Promise<readonly ClosestTokens[]> =>
      explorer.closestTokens(
        { inputIds: ids, substitutions, ...where },
        { priority: 'act', lane: `${lane}-${suffix}` },
      )
    if (active.length === 0) {
      const original = await closest([], 'original')
      return { original, perturbed: original }
    }
    const [original, perturbed] = await Promise.all([closest([], 'original'), closest(active, 'perturbed')])
    return { original, perturbed }
  }

  let readingOf = ''
  let lastLayerOf = ''

  return {
    get pending() {
      return reading.pending || lastLayer.pending || column.pending
    },
    update: () => {
      const state = read()
      const { wanted, session } = state
      const position = chosenPosition(state)
      if (session.position === null || state.tokenized.status === 'idle') reading.show(idle())
      if (!wanted.lastLayer || state.tokenized.status === 'idle') lastLayer.show(idle())

      const found = readable(state)
      if (!found) return
      const { ids, active, layers } = found
      const allLayers = Array.from({ length: layers }, (_, layer) => layer)
      const sequence = ids.join(',')
      const change = `${context.generation}|${sequence}|${substitutionsKey(active)}`

      if (position !== null) {
        const place = `${sequence}|${position}`
        const former = readingOf === place ? state.reading.value : null
        readingOf = place
        reading.ask({
          key: `${sequence}|${substitutionsKey(active)}|${position}`,
          generation: context.generation,
          former,
          ask: () => ask(found, { layers: allLayers, positions: [position], k: READING }, 'reading'),
        })
      }
      if (wanted.lastLayer) {
        const former = lastLayerOf === sequence ? state.lastLayer.value : null
        lastLayerOf = sequence
        lastLayer.ask({
          key: `${sequence}|${substitutionsKey(active)}`,
          generation: context.generation,
          former,
          ask: () =>
            ask(found, { layers: [layers - 1], positions: ids.map((_, at) => at), k: 1 }, 'last-layer'),
        })
      }

      if (columnsOf !== change) {
        columnsOf = change
        columnShown = idle()
        if (state.columnReadings.size > 0) store.setState({ columnReadings: new Map() })
      }
      const at = wanted.column
      if (at === null || at >= ids.length) return
      const known = read().columnReadings.get(at)
      if (known) {
        columnShown = ready(known)
        return
      }
      column.ask({
        key: `${change}|${at}`,
        generation: context.generation,
        former: null,
        ask: () => ask(found, { layers: allLayers, positions: [at], k: COLUMN }, 'column'),
      })
    },
    stop: () => {
      for (const query of [reading, lastLayer, column]) query.stop()
    },
  }
}

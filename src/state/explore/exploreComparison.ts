import type { Measurement } from '../../core/measurement'
import type { Neighbor } from '../../core/neighbor'
import { substitutionsKey } from '../../core/substitution'
import { createQuery } from '../query'
import { failed, idle, loading, waiting } from '../resource'
import { activeSubstitutions, chosenPosition, currentTokens, inputIds } from './activeSubstitutions'
import { answering, type ExploreContext } from './exploreContext'

/** For tint and marks, at every position. */
const LISTED = 10
/** For the table, at the chosen one. */
export const CHOSEN_NEIGHBORS = 50

export interface Step {
  readonly pending: boolean
  update(): void
  stop(): void
}

const uniqueTokens = (neighbors: readonly Neighbor[]) => {
  const seen = new Set<number>()
  return neighbors.filter(({ tokenId }) => !seen.has(tokenId) && seen.add(tokenId))
}

/** tokens -> neighbours of all -> neighbours of the chosen one -> the measurement of what is substituted. */
export function createComparisonStep(context: ExploreContext, onSettled: () => void): Step {
  const { store } = context
  const read = store.getState
  const neighbors = createQuery<readonly (readonly Neighbor[])[]>(
    () => read().neighbors,
    (resource) => store.setState({ neighbors: resource }),
    onSettled,
  )
  const chosen = createQuery<readonly Neighbor[]>(
    () => read().chosenNeighbors,
    (resource) => store.setState({ chosenNeighbors: resource }),
    onSettled,
  )
  const measurement = createQuery<Measurement>(
    () => read().measurement,
    (resource) => store.setState({ measurement: resource }),
    onSettled,
  )
  // What the visible former answers belong to.
  let neighborsOf = ''
  let chosenOf = { place: '', list: '', typed: '' }
  let measurementOf = ''

  function updateNeighbors(ids: readonly number[], sequence: string, filters: string) {
    const state = read()
    const tokens = currentTokens(state)?.tokens ?? []
    const positions = tokens.flatMap(({ special }, position) => (special ? [] : [position]))
    const key = `${sequence}|${filters}`
    if (positions.length === 0) {
      neighbors.answer(key, context.generation, [])
      return
    }
    const former = neighborsOf === sequence ? state.neighbors.value : null
    neighborsOf = sequence
    neighbors.ask({
      key,
      generation: context.generation,
      former,
      ask: async () => {
        const request = { inputIds: ids, positions, k: LISTED, filters: state.session.filters }
        const lists = await answering(context).neighbors(request, { priority: 'act', lane: 'neighbors' })
        const byPosition: (readonly Neighbor[])[] = tokens.map(() => [])
        positions.forEach((position, i) => {
          byPosition[position] = lists[i] ?? []
        })
        return byPosition
      },
    })
  }

  function updateChosen(ids: readonly number[], sequence: string, filters: string) {
    const state = read()
    const position = chosenPosition(state)
    if (position === null) {
      chosenOf = { place: '', list: '', typed: '' }
      chosen.show(idle())
      return
    }
    const place = `${sequence}|${position}`
    const list = `${place}|${filters}`
    const { tokenId } = state.session
    const shown = chosenOf.place === place ? state.chosenNeighbors.value : null
    const isListed = (id: number) =>
      chosenOf.list === list &&
      state.chosenNeighbors.status === 'ready' &&
      shown?.some((neighbor) => neighbor.tokenId === id)
    const typed =
      tokenId === null || isListed(tokenId) ? (chosenOf.list === list ? chosenOf.typed : '') : String(tokenId)
    chosenOf = { place, list, typed }
    chosen.ask({
      key: `${list}|${typed}`,
      generation: context.generation,
      former:
        shown ?? (state.neighbors.status === 'ready' ? (state.neighbors.value?.[position] ?? null) : null),
      ask: async () => {
        const also = typed === '' ? {} : { also: [Number(typed)] }
        const request = {
          inputIds: ids,
          positions: [position],
          k: CHOSEN_NEIGHBORS,
          filters: state.session.filters,
          ...also,
        }
        const [found] = await answering(context).neighbors(request, { priority: 'act', lane: 'chosen' })
        return uniqueTokens(found ?? [])
      },
    })
  }

  function updateMeasurement(ids: readonly number[], sequence: string) {
    const state = read()
    const active = activeSubstitutions(state)
    const former = measurementOf === sequence ? state.measurement.value : null
    measurementOf = sequence
    if (!active) {
      const { status, failure } = state.neighbors
      if (status === 'error' && failure) measurement.show(failed(failure, former))
      else if (failure?.kind === 'not-ready') measurement.show(waiting(former))
      else measurement.show(loading(former))
      return
    }
    const key = `${sequence}|${substitutionsKey(active)}`
    const known = context.cache.get(ids, active)
    if (known) {
      measurement.answer(key, context.generation, known)
      return
    }
    measurement.ask({
      key,
      generation: context.generation,
      former,
      ask: () => context.measure(ids, active, { priority: 'act', lane: 'measurement' }),
    })
  }

  return {
    get pending() {
      return neighbors.pending || chosen.pending || measurement.pending
    },
    update: () => {
      const state = read()
      const ids = inputIds(state)
      if (!ids) {
        if (state.tokenized.status === 'idle') {
          neighbors.show(idle())
          chosen.show(idle())
          measurement.show(idle())
        }
        return
      }
      const sequence = ids.join(',')
      const filters = JSON.stringify(state.session.filters)
      updateNeighbors(ids, sequence, filters)
      // The curve is what the click is for: its forward goes before the table's longer list.
      updateMeasurement(ids, sequence)
      updateChosen(ids, sequence, filters)
    },
    stop: () => {
      for (const query of [neighbors, chosen, measurement]) query.stop()
    },
  }
}

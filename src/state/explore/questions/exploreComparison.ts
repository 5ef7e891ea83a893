import { sameFilters } from '../../../core/measures/neighbor'
import { substitutionsKey } from '../../../core/measures/substitution'
import type { TokenizedText } from '../../../core/text/token'
import type { AppState } from '../../appState'
import { createQuery } from '../../query'
import { failed, idle, loading, waiting } from '../../resource'
import {
  idsOf,
  type ListedSubstitute,
  type MeasuredChange,
  type TextSubstitutes,
  type TokenSubstitutes,
} from '../../results'
import {
  activeSubstitutions,
  chosenPosition,
  chosenTokenId,
  tokenSubstitutes,
} from '../../side/activeSubstitutions'
import { OWN, type Side, withSide } from '../../side/side'
import { currentTokens } from '../../side/sideTokens'
import { activeChange } from '../comparisonSelectors'
import { answering, type ExploreContext, optionsOf } from './exploreContext'

/** Number of neighbours at every position, for tint and marks. */
const LISTED = 10
/** Number of neighbours at the chosen position, for the table. */
const CHOSEN_NEIGHBORS = 50

export interface Step {
  readonly pending: boolean
  update(): void
  /** Allows failed questions to be asked again. */
  retry(): void
  stop(): void
}

/** Says whether the own side is measured: two models never share the machine while the user waits for the first. */
const isFirstMeasured = (state: AppState) =>
  activeChange(state) !== null || state.sides[OWN].measurement.status === 'error'

const uniqueTokens = (rows: readonly ListedSubstitute[]) => {
  const seen = new Set<number>()
  return rows.filter(({ tokenId }) => !seen.has(tokenId) && seen.add(tokenId))
}

/**
 * Connects tokens -> neighbours of all -> neighbours of the chosen one -> the measurement of the present substitutions.
 */
export function createComparisonStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const read = store.getState
  const own = () => read().sides[side]
  const write = (changes: Partial<Side>) => store.setState((state) => withSide(state, side, changes))
  const neighbors = createQuery<TextSubstitutes>(
    () => own().neighbors,
    (resource) => write({ neighbors: resource }),
    onSettled,
  )
  const chosen = createQuery<TokenSubstitutes>(
    () => own().chosenNeighbors,
    (resource) => write({ chosenNeighbors: resource }),
    onSettled,
  )
  const measurement = createQuery<MeasuredChange>(
    () => own().measurement,
    (resource) => write({ measurement: resource }),
    onSettled,
  )
  let typedOf = { list: '', typed: '' }

  function updateNeighbors(tokenized: TokenizedText, sequence: string) {
    const { filters } = read().session
    const { tokens } = tokenized
    const positions = tokens.flatMap(({ special }, position) => (special ? [] : [position]))
    const key = `${sequence}|${JSON.stringify(filters)}`
    if (positions.length === 0) {
      neighbors.answer(key, context.generation, { tokenized, filters, byPosition: tokens.map(() => []) })
      return
    }
    neighbors.ask({
      key,
      generation: context.generation,
      ask: async () => {
        const request = { inputIds: idsOf(tokenized), positions, k: LISTED, filters }
        const lists = await answering(context).neighbors(request, optionsOf(context, 'neighbors'))
        const found = new Map(positions.map((position, i) => [position, lists[i]]))
        return { tokenized, filters, byPosition: tokens.map((_, position) => found.get(position) ?? []) }
      },
    })
  }

  function updateChosen(tokenized: TokenizedText, sequence: string) {
    const state = read()
    const { filters } = state.session
    const tokenId = side === OWN ? state.session.tokenId : chosenTokenId(state, side)
    const position = chosenPosition(state, side)
    if (position === null) {
      typedOf = { list: '', typed: '' }
      chosen.show(idle())
      return
    }
    const list = `${sequence}|${position}|${JSON.stringify(filters)}`
    const shown = tokenSubstitutes(state, side)
    const isListed = (id: number) =>
      shown !== null &&
      sameFilters(shown.filters, filters) &&
      shown.rows.some((neighbor) => neighbor.tokenId === id)
    const former = typedOf.list === list ? typedOf.typed : ''
    const typed = tokenId === null || isListed(tokenId) ? former : String(tokenId)
    typedOf = { list, typed }
    chosen.ask({
      key: `${list}|${typed}`,
      generation: context.generation,
      ask: async () => {
        const also = typed === '' ? [] : [Number(typed)]
        const request = {
          inputIds: idsOf(tokenized),
          positions: [position],
          k: CHOSEN_NEIGHBORS,
          filters,
          ...(also.length > 0 && { also }),
        }
        const [found = []] = await answering(context).neighbors(request, optionsOf(context, 'chosen'))
        // Neighbours requested by id follow the nearest ones, which may already contain them.
        const nearest = found.length - also.length
        const rows = uniqueTokens(found.map((neighbor, i) => ({ ...neighbor, typed: i >= nearest })))
        return { tokenized, position, filters, rows }
      },
    })
  }

  function updateMeasurement(tokenized: TokenizedText, sequence: string) {
    const state = read()
    const ids = idsOf(tokenized)
    const active = activeSubstitutions(state, side)
    const former = own().measurement.value
    if (!active) {
      const { status, failure } = side === OWN ? own().neighbors : own().chosenNeighbors
      if (status === 'error' && failure) measurement.show(failed(failure, former))
      else if (failure?.kind === 'not-ready') measurement.show(waiting(former))
      else measurement.show(loading(former))
      return
    }
    const key = `${sequence}|${substitutionsKey(active)}`
    const known = context.cache.get(ids, active)
    if (known) {
      measurement.answer(key, context.generation, { tokenized, measurement: known })
      return
    }
    measurement.ask({
      key,
      generation: context.generation,
      ask: async () => ({
        tokenized,
        measurement: await context.measure(ids, active, optionsOf(context, 'measurement')),
      }),
    })
  }

  return {
    get pending() {
      return neighbors.pending || chosen.pending || measurement.pending
    },
    update: () => {
      const state = read()
      const tokenized = currentTokens(state, side)
      if (!tokenized) {
        if (own().tokenized.status === 'idle') {
          neighbors.show(idle())
          chosen.show(idle())
          measurement.show(idle())
        }
        return
      }
      const sequence = idsOf(tokenized).join(',')
      if (side === OWN) {
        updateNeighbors(tokenized, sequence)
        // The curve is the purpose of the click: its forward goes before the table's longer list.
        updateMeasurement(tokenized, sequence)
        updateChosen(tokenized, sequence)
      } else if (isFirstMeasured(state)) {
        updateMeasurement(tokenized, sequence)
        updateChosen(tokenized, sequence)
        const needed = own().wanted.shifts || state.session.held.length > 0
        if (needed) updateNeighbors(tokenized, sequence)
      }
    },
    retry: () => {
      for (const query of [neighbors, chosen, measurement]) query.retry()
    },
    stop: () => {
      for (const query of [neighbors, chosen, measurement]) query.stop()
    },
  }
}
